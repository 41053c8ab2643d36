using System.CommandLine;
using System.Globalization;
using PolyArb.Report;

namespace PolyArb.Silo.CommandLine;

/// <summary>The silo's options and the rules between them. Nothing is started here.</summary>
internal sealed class SiloCommandLine
{
    private const long SecondsMax = 1_000_000_000;

    private readonly Option<string> _config = Valued("--config", "FILE", "the configuration (default config.yaml)");
    private readonly Option<string> _mode = Valued("--mode", "live|backtest", "trade, or replay recorded events");
    private readonly Option<string> _data = Valued("--data", "DIR", "where the silo keeps what it knows (default ./data)");
    private readonly Option<bool> _demo = new("--demo") { Description = "trade on a local exchange; needs no configuration" };
    private readonly Option<string> _seed = Valued("--seed", "N", "demo: the exchange's day (default 1)");
    private readonly Option<string> _for = Valued("--for", "SECONDS", "demo: end after so long instead of at Ctrl-C");
    private readonly Option<string> _report = Valued("--report", "FILE", "demo, backtest: write the result as JSON; backtest: a page if FILE ends in .html");
    private readonly Option<string> _faults = Valued("--faults", "FILE", "demo: what the exchange does wrong, and when");
    private readonly Option<string> _scenario = Valued("--scenario", "NAME|FILE", "demo: what the exchange lists and how it moves");
    private readonly Option<string> _port = Valued("--port", "P", "demo: the exchange's port (default: a free one)");
    private readonly Option<string> _events = Valued("--events", "FILE", "backtest: a capture or an events.db");
    private readonly Option<string[]> _set = new("--set")
    {
        HelpName = "K=V",
        Description = "backtest: change a parameter; repeatable",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _replay = Valued("--replay", "simulate|verify", "backtest: what plays the venue (default simulate)");

    private readonly RootCommand _root;

    public SiloCommandLine() => _root = new RootCommand("Trades what config.yaml says, on paper until DRY_RUN=false.")
    {
        _config, _mode, _data, _demo, _seed, _for, _report, _faults, _scenario, _port, _events, _set, _replay,
    };

    public SiloArgumentsResult Parse(IReadOnlyList<string> args)
    {
        var result = _root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors is [var error, ..]) return new SiloArgumentsResult.UsageError(error.Message.ReplaceLineEndings(" "));

        if (result.Action is not null)
        {
            using var help = new StringWriter();
            result.Invoke(new InvocationConfiguration { Output = help, Error = help });
            return new SiloArgumentsResult.HelpShown(help.ToString());
        }

        return Problem(result) is { } problem ? new SiloArgumentsResult.UsageError(problem) : new SiloArgumentsResult.Parsed(Read(result));
    }

    /// <summary>The first rule the command line breaks, in this order, is what is said about it.</summary>
    private string? Problem(ParseResult given)
    {
        if (NotOneOf(given, _mode, "live", "backtest") is { } unknown) return unknown;
        if (given.GetValue(_demo)) return DemoProblem(given);

        return First(given, "needs --demo", _seed, _for, _faults, _scenario, _port)
            ?? (given.GetValue(_mode) is "backtest" ? BacktestProblem(given) : RunProblem(given));
    }

    private string? DemoProblem(ParseResult given) =>
        First(given, "does not go with --demo, which brings its own venue, key, markets and mode", _config, _mode)
        ?? First(given, "needs --mode backtest, not --demo", _events, _set, _replay)
        ?? NotWhole(given, _seed, 0, long.MaxValue)
        ?? NotWhole(given, _for, 1, SecondsMax)
        ?? NotWhole(given, _port, 1, 65_535)
        ?? NoSuchFile(given, _faults);

    private string? BacktestProblem(ParseResult given) =>
        First(given, "does not go with --mode backtest, which works in a temporary directory", _data)
        ?? (given.GetValue(_events) is null ? "--mode backtest needs --events FILE, a capture or an events.db" : null)
        ?? NoSuchFile(given, _events)
        ?? NotOneOf(given, _replay, "simulate", "verify")
        ?? (given.GetValue(_replay) is "verify" && given.GetValue(_report) is { } report && ReportFile.IsPage(report)
            ? $"--report {report}: --replay verify compares and writes JSON; a page needs --replay simulate"
            : null)
        ?? given.GetValue(_set)?.Where(text => text.IndexOf('=', StringComparison.Ordinal) < 1)
            .Select(text => $"--set {text}: must be KEY=VALUE, such as min_edge_threshold=0.01").FirstOrDefault();

    private string? RunProblem(ParseResult given) =>
        First(given, "needs --mode backtest", _events, _set, _replay)
        ?? First(given, "needs --demo or --mode backtest", _report);

    /// <summary>Only what <see cref="Problem"/> found nothing wrong with.</summary>
    private SiloArguments Read(ParseResult given)
    {
        if (given.GetValue(_demo))
        {
            return new SiloArguments.Demo(
                given.GetValue(_data),
                Whole(given.GetValue(_seed)) ?? 1,
                Whole(given.GetValue(_for)) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                given.GetValue(_report),
                given.GetValue(_faults),
                given.GetValue(_scenario),
                (int?)Whole(given.GetValue(_port)));
        }

        var config = given.GetValue(_config) ?? "config.yaml";
        if (given.GetValue(_mode) is not "backtest")
        {
            return new SiloArguments.Run(config, given.GetValue(_data) ?? "data", IsLive: given.GetValue(_mode) is "live");
        }

        return new SiloArguments.Backtest(
            config,
            given.GetValue(_events)!,
            given.GetValue(_report),
            [.. (given.GetValue(_set) ?? []).Select(text => text.Split('=', 2)).Select(pair => (pair[0].Trim(), pair[1].Trim()))],
            given.GetValue(_replay) is "verify" ? ReplayKind.Verify : ReplayKind.Simulate);
    }

    /// <summary>Why the first of these options that was given may not be.</summary>
    private static string? First(ParseResult given, string why, params Option[] options) =>
        options.FirstOrDefault(option => given.GetResult(option) is { Implicit: false }) is { } first ? $"{first.Name} {why}" : null;

    private static string? NotOneOf(ParseResult given, Option<string> option, string one, string other) =>
        given.GetValue(option) is { } text && text != one && text != other ? $"{option.Name} {text}: must be {one} or {other}" : null;

    private static string? NotWhole(ParseResult given, Option<string> option, long min, long max) =>
        given.GetValue(option) is { } text && !(Whole(text) is { } number && number >= min && number <= max)
            ? $"{option.Name} {text}: must be a whole number, {min} to {max}"
            : null;

    private static string? NoSuchFile(ParseResult given, Option<string> option) =>
        given.GetValue(option) is { } path && !File.Exists(path) ? $"{option.Name} {path}: no such file" : null;

    private static long? Whole(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static Option<string> Valued(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}
