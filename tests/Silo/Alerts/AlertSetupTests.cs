using PolyArb.Config;
using PolyArb.Silo.Alerts;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class AlertSetupTests : IDisposable
{
    private const string Token = "123456789:planted-bot-token-AAHdqTcvCH1vGWJxf";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-setup-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Nobody_is_told_or_obeyed_until_somebody_is_named_and_it_is_switched_on()
    {
        var off = Setup("control: { telegram_enabled: false, telegram_allowlist: [7001] }", (AlertSecrets.TokenVariable, Token));

        Assert.Empty(off.TelegramUsers);
        Assert.False(off.HasChannels);
    }

    [Fact]
    public void Those_on_the_list_are_told_once_it_is_switched_on()
    {
        var on = Setup("control: { telegram_enabled: true, telegram_allowlist: [7001, 7002] }", (AlertSecrets.TokenVariable, Token));

        Assert.Equal([7001, 7002], on.TelegramUsers);
        Assert.True(on.HasChannels);
    }

    [Fact]
    public void A_webhook_alone_is_somebody_to_tell_and_a_dead_man_is_not()
    {
        Assert.True(Setup("", ("ALERT_WEBHOOK_URL", "https://hooks.example/x")).HasChannels);
        Assert.False(Setup("", ("DEAD_MAN_URL", "https://hooks.example/x")).HasChannels);
    }

    [Fact]
    public void Free_space_is_in_megabytes_of_a_million_bytes() => Assert.Equal(5_000_000, Setup("alerts: { min_free_mb: 5 }").FreeBytesMin);

    [Fact]
    public void Telegram_without_a_token_is_a_complaint_and_without_telegram_is_none()
    {
        Assert.Contains("needs TELEGRAM_BOT_TOKEN", Complaint("control: { telegram_enabled: true, telegram_allowlist: [7001] }"), StringComparison.Ordinal);
        Assert.Null(Complaint("control: { telegram_enabled: true, telegram_allowlist: [7001] }", (AlertSecrets.TokenVariable, Token)));
        Assert.Null(Complaint("control: { telegram_enabled: false, telegram_allowlist: [7001] }"));
    }

    private AlertSetup Setup(string yaml, params (string Name, string Value)[] environment)
    {
        var (options, secrets) = Load(yaml, environment);
        return AlertSetup.Of(options, secrets, _directory, diedBefore: null);
    }

    private string? Complaint(string yaml, params (string Name, string Value)[] environment)
    {
        var (options, secrets) = Load(yaml, environment);
        return AlertSetup.Complaint(options, secrets);
    }

    private ConfigResult.Ok Load(string yaml, (string Name, string Value)[] environment)
    {
        var path = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(path, yaml);
        return Assert.IsType<ConfigResult.Ok>(ConfigLoader.Load(path, environment.ToDictionary(variable => variable.Name, variable => variable.Value), null));
    }
}
