using System.Net;
using System.Net.Sockets;
using PolyArb.Config;
using PolyArb.Silo.Web;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class WebSetupTests : IDisposable
{
    private const string Token = "sesame-sesame-sesame";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-web-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Off_is_no_server() => Assert.Null(WebSetup.Of(Options("web: { port: off }"), Token));

    [Theory]
    [InlineData("127.0.0.1", null, true)]
    [InlineData("0.0.0.0", null, false)]
    [InlineData("0.0.0.0", "another", false)]
    [InlineData("0.0.0.0", Token, true)]
    public void Beyond_this_machine_the_token_opens_and_nothing_else(string host, string? carried, bool comesIn)
    {
        var setup = WebSetup.Of(Options($"web: {{ host: {host}, port: 0 }}", ("CONTROL_TOKEN", Token)), Token);

        Assert.Equal(comesIn, setup!.Door.Refuses(carried, steers: false) is null);
    }

    [Fact]
    public void A_port_that_somebody_wrote_down_and_is_taken_is_a_complaint()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var options = Options($"web: {{ port: {port} }}");

        Assert.Equal(port, WebSetup.Of(options, null)!.Port);
        Assert.Contains($"web.port = \"{port}\": is taken at 127.0.0.1", WebSetup.Complaint(options), StringComparison.Ordinal);

        listener.Stop();
        Assert.Null(WebSetup.Complaint(options));
    }

    /// <summary>The usual port may be taken by another silo of this machine, or be free: it is one or the other.</summary>
    [Fact]
    public void A_port_that_nobody_wrote_down_gives_way()
    {
        var options = Options("");
        using var listener = new TcpListener(IPAddress.Loopback, options.Web.Port!.Value);
        try
        {
            listener.Start();
        }
        catch (SocketException)
        {
            // Somebody else has it: just as well.
        }

        Assert.Equal(0, WebSetup.Of(options, null)!.Port);
        Assert.Null(WebSetup.Complaint(options));
    }

    private PolyArbOptions Options(string yaml, params (string Name, string Value)[] environment)
    {
        var path = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(path, yaml);
        return Assert.IsType<ConfigResult.Ok>(ConfigLoader.Load(path, environment.ToDictionary(variable => variable.Name, variable => variable.Value), null)).Options;
    }
}
