using PolyArb.Config;
using PolyArb.Silo.CommandLine;
using Xunit;
using YamlDotNet.Serialization;

namespace PolyArb.Tests.Deploy;

/// <summary>There is no container engine where this is checked: what can be read of deploy/cluster/ is read, by the silo's own rules where it has some.</summary>
public sealed class ClusterComposeTests
{
    private const string Folder = "deploy/cluster";

    private static readonly string[] Silos = ["a", "b", "c"];

    private static readonly Dictionary<object, object> Compose = Read($"{Folder}/compose.yaml");

    public static TheoryData<string> Names => [.. Silos];

    public static TheoryData<string> Services => ["database", .. Silos];

    [Fact]
    public void The_three_configurations_can_be_read_and_differ_in_their_ports_alone()
    {
        var read = Silos.Select(Load).ToArray();

        var ports = read.SelectMany(options => (int?[])[options.Silo.Port, options.Silo.GatewayPort, options.Web.Port]).ToArray();
        Assert.Equal(ports.Length, ports.Distinct().Count());
        Assert.All(read, options => Assert.True(options.Runtime is { DryRun: false, StartPaused: true }));
        Assert.All(read, options => Assert.True(System.Net.IPAddress.IsLoopback(options.Silo.Address)));
        string[] own = ["silo.port", "silo.gateway_port", "web.port"];
        Assert.All(read, options => Assert.Equal(Rest(read[0]), Rest(options)));

        IEnumerable<string> Rest(PolyArbOptions options) =>
            options.Parameters.All.Where(parameter => !own.Contains(parameter.Key)).Select(parameter => $"{parameter.Key} {options.Parameters[parameter.Key].Text}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_silo_starts_with_a_command_line_it_has_and_has_its_own_files(string name)
    {
        var silo = Service(name);
        var run = Assert.IsType<SiloArguments.Run>(Assert.IsType<SiloArgumentsResult.Parsed>(SiloArguments.Parse([.. Texts(silo["command"])])).Arguments);

        Assert.Equal(new SiloArguments.Run("config.yaml", "/data", IsLive: true), run);
        Assert.Equal([$"./{name}/config.yaml:/config/config.yaml:ro", $"./{name}/.env:/config/.env:ro", $"{name}:/data"], Texts(silo["volumes"]));
        Assert.Equal("on-failure:5", silo["restart"]);
        Assert.Contains(name, Map(Compose["volumes"]).Keys);
    }

    [Theory]
    [MemberData(nameof(Services))]
    public void Nothing_has_a_privilege_or_a_port_beyond_this_machine(string name)
    {
        var service = Service(name);

        Assert.Equal("host", service["network_mode"]);
        Assert.False(service.ContainsKey("ports") || service.ContainsKey("privileged") || service.ContainsKey("cap_add"));
        Assert.Equal("true", service["read_only"]);
        Assert.Equal(["ALL"], Texts(service["cap_drop"]));
        Assert.Equal(["no-new-privileges:true"], Texts(service["security_opt"]));
    }

    [Fact]
    public void The_database_listens_here_alone_and_no_password_stands_in_a_file_that_is_checked_in()
    {
        var database = Service("database");

        Assert.Contains("listen_addresses=127.0.0.1", Texts(database["command"]));
        Assert.Equal("/run/secrets/superuser", Map(database["environment"])["POSTGRES_PASSWORD_FILE"]);
        Assert.All(Map(Compose["secrets"]).Values, secret => Assert.EndsWith(".secret", (string)Map(secret)["file"], StringComparison.Ordinal));
        Assert.Contains("*.secret", Repository.Text(".gitignore").Split('\n'));
    }

    private static PolyArbOptions Load(string silo) => Assert.IsType<ConfigResult.Ok>(ConfigLoader.Load(
        Repository.PathOf($"{Folder}/{silo}/config.yaml"), new Dictionary<string, string>
        {
            ["PRIVATE_KEY"] = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
            ["DATABASE_CONNECTION"] = "Host=127.0.0.1;Database=polyarb;Username=polyarb;Password=p",
        }, Repository.PathOf($"{Folder}/{silo}/.env.none"))).Options;

    private static Dictionary<object, object> Service(string name)
    {
        var service = Map(Map(Compose["services"])[name]);
        if (!service.Remove("<<", out var common)) return service;

        foreach (var (key, value) in Map(common)) service.TryAdd(key, value);
        return service;
    }

    private static Dictionary<object, object> Read(string file) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(Repository.Text(file));

    private static Dictionary<object, object> Map(object value) => new((IDictionary<object, object>)value);

    private static IEnumerable<string> Texts(object value) => ((List<object>)value).Cast<string>();
}
