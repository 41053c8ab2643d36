using PolyArb.Config;
using Xunit;

namespace PolyArb.Tests.Config;

public sealed class DatabaseConfigTests : IDisposable
{
    private const string Live = "storage: { provider: postgres }\nruntime: { dry_run: false }\nvenue: { clob_rest_url: 'http://127.0.0.1:9000' }";
    private const string Database = "Host=db.test;Database=polyarb;Username=us;Password=planted-password";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-config-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void A_cluster_needs_a_database_and_not_every_silo_of_it_a_key()
    {
        var (options, secrets) = Assert.IsType<ConfigResult.Ok>(Load(Live, ("DATABASE_CONNECTION", Database)));

        Assert.Equal(StorageProvider.Postgres, options.Persistence.Provider);
        Assert.Equal((true, Database, false), (secrets.HasDatabase, secrets.RevealDatabase(), secrets.HasPrivateKey));
    }

    [Fact]
    public void The_connection_is_hidden_whole_and_its_password_alone()
    {
        var secrets = Assert.IsType<ConfigResult.Ok>(Load("", ("DATABASE_CONNECTION", Database))).Secrets;

        Assert.Equal([Database, "planted-password"], secrets.RevealAll().OfType<string>());
        Assert.DoesNotContain("planted", secrets.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("planted", System.Text.Json.JsonSerializer.Serialize(secrets), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("planted")]
    [InlineData("Host=db.test;Password=planted")]
    [InlineData("Host=;Database=x;Password=planted")]
    [InlineData("Host=db.test;Database=x;Password='planted")]
    public void One_that_is_not_legal_is_named_without_showing_it(string value) => Assert.Equal(
        ["environment: DATABASE_CONNECTION: must be Host=..;Database=..;Username=..;Password=.. (value not shown)"], Lines("", ("DATABASE_CONNECTION", value)));

    [Fact]
    public void It_does_not_belong_into_the_file() => Assert.Equal(
        ["config.yaml: storage.database_connection: secrets belong into the environment or .env, never into this file"], Lines($"storage: {{ database_connection: '{Database}' }}"));

    [Fact]
    public void Each_secret_that_changed_is_named_and_no_other()
    {
        var before = Secrets(("ALERT_WEBHOOK_URL", "https://hooks.example/1"), ("DATABASE_CONNECTION", Database));
        var after = Secrets(("ALERT_WEBHOOK_URL", "https://hooks.example/2"), ("DATABASE_CONNECTION", Database + "2"));

        Assert.Equal(["DATABASE_CONNECTION", "ALERT_WEBHOOK_URL"], after.DifferingFrom(before));
    }

    [Fact]
    public void A_backtest_with_a_clusters_configuration_needs_no_database() =>
        Assert.IsType<ConfigResult.Ok>(Load("storage: { provider: postgres }\nruntime: { mode: backtest }"));

    private Secrets Secrets(params (string, string)[] variables) => Assert.IsType<ConfigResult.Ok>(Load("", variables)).Secrets;

    private IEnumerable<string> Lines(string yaml, params (string, string)[] variables) =>
        Assert.IsType<ConfigResult.Invalid>(Load(yaml, variables)).Lines.Select(line => line.Replace(_directory + Path.DirectorySeparatorChar, "", StringComparison.Ordinal));

    private ConfigResult Load(string yaml, params (string Name, string Value)[] variables)
    {
        var path = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(path, yaml);
        return ConfigLoader.Load(path, variables.ToDictionary(variable => variable.Name, variable => variable.Value), dotEnvPath: null);
    }
}
