using PolyArb.Silo.CommandLine;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class SiloArgumentsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Nothing_said_runs_config_yaml_in_data() =>
        Assert.Equal(new SiloArguments.Run("config.yaml", "data", IsLive: false), Parsed());

    [Fact]
    public void A_run_takes_its_file_and_directory() =>
        Assert.Equal(new SiloArguments.Run("a.yaml", "d", IsLive: true), Parsed("--config", "a.yaml", "--mode", "live", "--data", "d"));

    [Fact]
    public void A_demo_needs_nothing() => Assert.Equal(new SiloArguments.Demo(null, 1, null, null, null, null, null), Parsed("--demo"));

    [Fact]
    public void A_demo_takes_all_of_its_options() => Assert.Equal(
        new SiloArguments.Demo("d", 42, TimeSpan.FromSeconds(30), "r.json", _file, "drift", 4711),
        Parsed("--demo", "--seed", "42", "--for", "30", "--report", "r.json", "--faults", _file, "--scenario", "drift", "--port", "4711", "--data", "d"));

    [Fact]
    public void A_backtest_takes_its_changes_in_order()
    {
        var backtest = Assert.IsType<SiloArguments.Backtest>(
            Parsed([.. "--mode backtest --replay verify --report r.json --set a=1 --set b.c=x=y d= --events".Split(' '), _file]));

        Assert.Equal(("config.yaml", _file), (backtest.ConfigPath, backtest.EventsPath));
        Assert.Equal(("r.json", ReplayKind.Verify), (backtest.ReportPath, backtest.Replay));
        Assert.Equal([("a", "1"), ("b.c", "x=y"), ("d", "")], backtest.Set);
    }

    [Fact]
    public void A_backtest_simulates_unless_told_otherwise() => Assert.Equal(
        ReplayKind.Simulate, Assert.IsType<SiloArguments.Backtest>(Parsed("--mode", "backtest", "--events", _file)).Replay);

    [Theory]
    [InlineData("--events FILE", "--events needs --mode backtest")]
    [InlineData("--set a=1", "--set needs --mode backtest")]
    [InlineData("--replay verify", "--replay needs --mode backtest")]
    [InlineData("--mode live --events FILE", "--events needs --mode backtest")]
    [InlineData("--report r.json", "--report needs --demo or --mode backtest")]
    [InlineData("--seed 1", "--seed needs --demo")]
    [InlineData("--for 1", "--for needs --demo")]
    [InlineData("--faults FILE", "--faults needs --demo")]
    [InlineData("--port 1", "--port needs --demo")]
    [InlineData("--mode backtest --events FILE --seed 1", "--seed needs --demo")]
    [InlineData("--demo --config a.yaml", "--config does not go with --demo, which brings its own venue, key, markets and mode")]
    [InlineData("--demo --mode live", "--mode does not go with --demo, which brings its own venue, key, markets and mode")]
    [InlineData("--demo --events FILE", "--events needs --mode backtest, not --demo")]
    [InlineData("--demo --seed -1", "--seed -1: must be a whole number, 0 to 9223372036854775807")]
    [InlineData("--demo --for 0", "--for 0: must be a whole number, 1 to 1000000000")]
    [InlineData("--demo --for 1.5", "--for 1.5: must be a whole number, 1 to 1000000000")]
    [InlineData("--demo --port 65536", "--port 65536: must be a whole number, 1 to 65535")]
    [InlineData("--demo --faults absent.yaml", "--faults absent.yaml: no such file")]
    [InlineData("--mode paper", "--mode paper: must be live or backtest")]
    [InlineData("--mode backtest", "--mode backtest needs --events FILE, a capture or an events.db")]
    [InlineData("--mode backtest --events absent.db", "--events absent.db: no such file")]
    [InlineData("--mode backtest --events FILE --data d", "--data does not go with --mode backtest, which works in a temporary directory")]
    [InlineData("--mode backtest --events FILE --set a", "--set a: must be KEY=VALUE, such as min_edge_threshold=0.01")]
    [InlineData("--mode backtest --events FILE --set =1", "--set =1: must be KEY=VALUE, such as min_edge_threshold=0.01")]
    [InlineData("--mode backtest --events FILE --replay x", "--replay x: must be simulate or verify")]
    [InlineData("--mode backtest --events FILE --replay verify --report r.html", "--report r.html: --replay verify compares and writes JSON; a page needs --replay simulate")]
    [InlineData("--config a --config b", "--config")]
    [InlineData("--unknown", "--unknown")]
    [InlineData("@file", "@file")]
    [InlineData("--data", "--data")]
    public void A_bad_combination_is_one_clear_line(string args, string line)
    {
        var error = Assert.IsType<SiloArgumentsResult.UsageError>(
            SiloArguments.Parse([.. args.Split(' ').Select(word => word is "FILE" ? _file : word)]));

        if (line.Contains(' ', StringComparison.Ordinal)) Assert.Equal(line, error.Line);
        else Assert.Contains(line, error.Line);
        Assert.DoesNotContain('\n', error.Line);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("--demo --help")]
    public void Help_names_every_option(string args)
    {
        var help = Assert.IsType<SiloArgumentsResult.HelpShown>(SiloArguments.Parse(args.Split(' '))).Text;

        foreach (var name in "--config --mode --data --demo --seed --for --report --faults --port --events --set --replay".Split(' '))
        {
            Assert.Contains(name, help);
        }
    }

    private static SiloArguments Parsed(params string[] args) => SiloArguments.Parse(args) switch
    {
        SiloArgumentsResult.Parsed(var arguments) => arguments,
        SiloArgumentsResult.UsageError(var line) => throw new Xunit.Sdk.XunitException(line),
        var other => throw new Xunit.Sdk.XunitException($"not parsed: {other}"),
    };
}
