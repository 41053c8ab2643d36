using PolyArb.Config;
using Xunit;

namespace PolyArb.Tests.Config;

public sealed class AlertConfigTests : IDisposable
{
    private const string Token = "123456789:planted-bot-token-AAHdqTcvCH1vGWJxf";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-config-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Quiet_hours_have_a_zone_and_are_written_as_they_are_read()
    {
        var hours = Options("alerts: { quiet_hours: 22:30-07:00 Europe/Berlin, level: warning }").Alerts;

        Assert.Equal(new QuietHours(new TimeOnly(22, 30), new TimeOnly(7, 0), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")), hours.QuietHours);
        Assert.Equal("22:30-07:00 Europe/Berlin", hours.QuietHours!.ToString());
        Assert.Equal(AlertLevel.Warning, hours.Level);
        Assert.Null(Options("").Alerts.QuietHours);
    }

    [Theory]
    [InlineData("22:00-07:00")]
    [InlineData("22:00-07:00 Europe/Atlantis")]
    [InlineData("22-7 Europe/Berlin")]
    [InlineData("22:00-24:00 Europe/Berlin")]
    [InlineData("22:00-22:00 Europe/Berlin")]
    [InlineData("at night")]
    public void Other_hours_are_named_with_what_is_legal(string hours) => Assert.Equal(
        [$"config.yaml: alerts.quiet_hours = \"{hours}\": must be off, or hours and a time zone of this machine, such as 22:00-07:00 Europe/Berlin"],
        Lines($"alerts: {{ quiet_hours: {hours} }}"));

    [Theory]
    [InlineData("TELEGRAM_BOT_TOKEN", "planted", "must be a bot's number, a colon and its key, as @BotFather says it")]
    [InlineData("TELEGRAM_BOT_TOKEN", "123456789:planted/../../x?y", "must be a bot's number, a colon and its key, as @BotFather says it")]
    [InlineData("ALERT_WEBHOOK_URL", "http://planted.example/x", "must be an https:// address, or http:// on loopback, without a user")]
    [InlineData("ALERT_WEBHOOK_URL", "https://planted:pass@hooks.example/x", "must be an https:// address, or http:// on loopback, without a user")]
    [InlineData("DEAD_MAN_URL", "planted", "must be an https:// address, or http:// on loopback, without a user")]
    public void An_address_that_is_not_legal_is_named_without_showing_it(string variable, string value, string must) =>
        Assert.Equal([$"environment: {variable}: {must} (value not shown)"], Lines("", (variable, value)));

    [Fact]
    public void Where_alerts_go_is_hidden_in_every_form()
    {
        var secrets = Secrets("", ("TELEGRAM_BOT_TOKEN", Token), ("ALERT_WEBHOOK_URL", "https://hooks.example/services/planted?key=planted"), ("DEAD_MAN_URL", "http://127.0.0.1:9/"));

        Assert.Equal(Token, secrets.RevealAlerts().RevealBotToken());
        Assert.Equal(
            [Token, Token.Split(':')[1], "https://hooks.example/services/planted?key=planted", "/services/planted?key=planted", "http://127.0.0.1:9/"],
            secrets.RevealAll().OfType<string>());
        Assert.DoesNotContain("planted", secrets.ToString(), StringComparison.Ordinal);
        Assert.Equal("{}", System.Text.Json.JsonSerializer.Serialize(secrets.RevealAlerts()));
    }

    [Theory]
    [InlineData("TELEGRAM_BOT_TOKEN")]
    [InlineData("ALERT_WEBHOOK_URL")]
    [InlineData("DEAD_MAN_URL")]
    public void None_of_them_belongs_into_the_file(string name) => Assert.Equal(
        [$"config.yaml: alerts.{name}: secrets belong into the environment or .env, never into this file"], Lines($"alerts: {{ {name}: x }}"));

    private PolyArbOptions Options(string yaml, params (string, string)[] variables) => Assert.IsType<ConfigResult.Ok>(Load(yaml, variables)).Options;

    private Secrets Secrets(string yaml, params (string, string)[] variables) => Assert.IsType<ConfigResult.Ok>(Load(yaml, variables)).Secrets;

    private IEnumerable<string> Lines(string yaml, params (string, string)[] variables) =>
        Assert.IsType<ConfigResult.Invalid>(Load(yaml, variables)).Lines.Select(line => line.Replace(_directory + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));

    private ConfigResult Load(string yaml, (string Name, string Value)[] variables)
    {
        var path = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(path, yaml);
        return ConfigLoader.Load(path, variables.ToDictionary(variable => variable.Name, variable => variable.Value), dotEnvPath: null);
    }
}
