using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Orleans.Runtime;
using PolyArb.Client.Commands;
using PolyArb.Client.Doctor;
using PolyArb.Domain;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Sweeps;

namespace PolyArb.Client;

/// <summary>Every command of the client, with the options they share.</summary>
internal sealed class ClientCommandLine
{
    /// <summary>After Ctrl-C: `doctor --place` cancels its order first.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(1);

    private readonly Option<string> _silo = new("--silo")
    {
        HelpName = "HOST:PORT[,HOST:PORT]",
        Description = "where the silo listens (default localhost:30000)",
        DefaultValueFactory = _ => "localhost:30000",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "one JSON document on stdout and nothing else", Recursive = true };

    private readonly Option<int> _timeout = new("--timeout")
    {
        HelpName = "S",
        Description = "longest wait for an answer, in seconds (default 30)",
        DefaultValueFactory = _ => 30,
        Recursive = true,
    };

    private const int CellsMax = 1_000;

    private readonly TextWriter _out;
    private readonly Surroundings _surroundings;

    private ClientCommandLine(TextWriter output, Surroundings surroundings) => (_out, _surroundings) = (output, surroundings);

    public static async Task<int> Run(
        IReadOnlyList<string> args, TextWriter? output = null, TextWriter? error = null, Surroundings? surroundings = null)
    {
        var line = new ClientCommandLine(output ?? Console.Out, surroundings ?? Surroundings.OfProcess);
        error ??= Console.Error;
        var result = line.Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0)
        {
            // "Unrecognized command" says more than "a command is required", which comes first.
            var worst = result.Errors.FirstOrDefault(problem => problem.Message.StartsWith("Unrecognized", StringComparison.Ordinal)) ?? result.Errors[0];
            await error.WriteLineAsync($"polyarb-client: {worst.Message.ReplaceLineEndings(" ").TrimEnd('.')}; see polyarb-client --help");
            return ExitCode.Usage;
        }

        try
        {
            return await result.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = EndsWithin,
                Output = line._out,
                Error = error,
            });
        }
        catch (CommandException e)
        {
            foreach (var complaint in e.Message.Split('\n')) await error.WriteLineAsync($"polyarb-client: {complaint}");
            return e.ExitCode;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"polyarb-client: {e.Message}");
            return ExitCode.Failed;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            var what = e is TimeoutException or OrleansException ? "the silo did not answer" : e.Message.ReplaceLineEndings(" ");
            await error.WriteLineAsync($"polyarb-client: {what}; what became of the command is unknown: ask `status` ({e.GetType().Name})");
            return ExitCode.Failed;
        }
    }

    private RootCommand Root()
    {
        var root = new RootCommand("Steers and reads a PolyArb silo.") { _silo, _json, _timeout };
        root.Add(Remote("status", "what it is doing, and its money", StatusCommand.Run));
        root.Add(WithReason("pause", "no new baskets; what is open is finished", required: false, ControlCommands.Pause));
        root.Add(WithReason("resume", "trade again, once it is written down", required: true, ControlCommands.Resume));
        root.Add(WithReason("flatten", "fence, cancel everything, sell what completes no basket if configured, SAFE", required: false, ControlCommands.Flatten));
        root.Add(Kill());
        root.Add(WithReason("stop", "fence, cancel everything, end the silo", required: false, ControlCommands.Stop));
        root.Add(Reconcile());
        root.Add(Remote("orders", "our orders", ReadCommands.Orders));
        root.Add(Remote("fills", "our trades", ReadCommands.Fills));
        root.Add(Remote("positions", "cash, shares, baskets", ReadCommands.Positions));
        root.Add(Remote("baskets", "baskets and how they ended", ReadCommands.Baskets));
        root.Add(Markets());
        root.Add(Keys());
        root.Add(Doctor());
        root.Add(OfJournal("backup", "one file with all of the journal, while a silo runs or not", (commands, asked) => commands.Backup(asked)));
        root.Add(OfJournal("restore", "puts a backup in the journal's place, while no silo runs", (commands, asked) => commands.Restore(asked)));
        root.Add(Backtest());
        root.Add(CaptureCommand());
        root.Add(Version());
        return root;
    }

    /// <summary>Through the silo, or past it: the reason may be missing only where hands shake.</summary>
    private Command Kill()
    {
        var config = ConfigOption();
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "with --direct: the silo's data directory (default ./data)" };
        var direct = new Option<bool>("--direct") { Description = "without a silo: writes its stop file, then cancels everything at the venue with the credentials of .env" };
        var reason = new Option<string?>("--reason") { HelpName = "T", Description = "why, for the journal" };
        var command = new Command("kill", "fence, cancel everything, SAFE; sells nothing") { direct, data, config, reason };
        command.Validators.Add(given =>
        {
            if (given.GetValue(direct)) return;
            if (given.GetValue(reason) is null) given.AddError("Option '--reason' is required.");
            else if (given.GetValue(data) is not null) given.AddError("--data needs --direct");
            else if (given.GetValue(config) is not null) given.AddError("--config needs --direct");
        });
        command.SetAction((given, cancellation) => given.GetValue(direct)
            ? new KillDirect(_surroundings, OutputOf(given), cancellation).Run(new KillDirectArguments(
                given.GetValue(data), given.GetValue(config), given.GetValue(reason) ?? "no reason given", TimeSpan.FromSeconds(given.GetValue(_timeout))))
            : WithSilo(given, (silo, output) => ControlCommands.Kill(silo, output, given.GetValue(reason)!), cancellation));
        return command;
    }

    private Command Reconcile()
    {
        var accept = new Option<bool>("--accept") { Description = "take the venue's figures where nothing explains the difference" };
        var reason = new Option<string?>("--reason") { HelpName = "T", Description = "why, for the journal; with --accept" };
        var command = new Command("reconcile", "hold orders, trades, cash and shares against the venue's") { accept, reason };
        command.Validators.Add(given =>
        {
            if (given.GetValue(accept) == string.IsNullOrWhiteSpace(given.GetValue(reason))) given.AddError("--accept and --reason go together");
        });
        command.SetAction((given, cancellation) => WithSilo(given, (silo, output) => ControlCommands.Reconcile(silo, output, given.GetValue(reason)), cancellation));
        return command;
    }

    private Command Markets()
    {
        var markets = new Command("markets", "which markets are traded") { Remote("list", "all of the venue's, and why each is on or off", MarketsCommands.List) };
        foreach (var on in (bool[])[true, false])
        {
            var ids = new Argument<string>("ID[,ID]") { Description = "market or condition ids" };
            var command = new Command(on ? "on" : "off", on ? "trade these" : "do not trade these") { ids };
            command.SetAction((given, cancellation) => WithSilo(given, (silo, output) => MarketsCommands.Switch(silo, output, given.GetValue(ids)!, on), cancellation));
            markets.Add(command);
        }

        return markets;
    }

    private Command Keys()
    {
        var nonce = new Option<long>("--nonce") { HelpName = "N", Description = "which of the wallet's keys (default 0)" };
        nonce.CustomParser = given =>
        {
            if (long.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;

            given.AddError("--nonce: must be a whole number, 0 or more");
            return 0;
        };
        return new Command("keys", "the venue's API credentials for PRIVATE_KEY; needs no silo")
        {
            Of("create", "make new ones", (keys, asked) => keys.Create(asked)),
            Of("derive", "show those made before", (keys, asked) => keys.Derive(asked)),
        };

        Command Of(string name, string description, Func<KeysCommands, KeysArguments, Task<int>> act)
        {
            var config = ConfigOption();
            var command = new Command(name, description) { config, nonce };
            command.SetAction((given, cancellation) => act(
                new KeysCommands(_surroundings, OutputOf(given), cancellation),
                new KeysArguments(given.GetValue(config), given.GetValue(nonce), TimeSpan.FromSeconds(given.GetValue(_timeout)))));
            return command;
        }
    }

    private Command Doctor()
    {
        var config = ConfigOption();
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "the silo's data directory (default ./data)" };
        var place = new Option<bool>("--place") { Description = "also place one order that cannot fill, and cancel it" };
        var market = new Option<string?>("--market") { HelpName = "ID", Description = "the market or condition to look at" };
        var command = new Command("doctor", "checks configuration, hosts, account and disk; needs no silo") { config, data, place, market };
        command.SetAction((given, cancellation) => new DoctorCommand(_surroundings, OutputOf(given)).Run(
            new DoctorArguments(given.GetValue(config), given.GetValue(data), given.GetValue(market), given.GetValue(place), PatienceOf(given)),
            cancellation));
        return command;
    }

    private Command OfJournal(string name, string description, Func<BackupCommands, BackupArguments, Task<int>> act)
    {
        var file = new Argument<string>("FILE") { Description = "the backup" };
        var config = ConfigOption();
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "the silo's data directory (default ./data)" };
        var command = new Command(name, description) { file, data, config };
        command.SetAction((given, _) => act(
            new BackupCommands(_surroundings, OutputOf(given)), new BackupArguments(given.GetValue(file)!, given.GetValue(data), given.GetValue(config))));
        return command;
    }

    /// <summary>A check waits 10 s for an answer, unless --timeout says otherwise.</summary>
    private TimeSpan PatienceOf(ParseResult given) =>
        given.GetResult(_timeout) is { Implicit: false } ? TimeSpan.FromSeconds(given.GetValue(_timeout)) : TimeSpan.FromSeconds(10);

    private static Option<string?> ConfigOption() =>
        new("--config") { HelpName = "FILE", Description = "the silo's configuration (default config.yaml, if there is one)" };

    private Command CaptureCommand()
    {
        var file = new Argument<string>("FILE") { Description = "frames one a line, plain or .gz" };
        var meta = new Option<string?>("--meta") { HelpName = "FILE", Description = "what the frames lack: tokens, tick, minimum size, neg-risk" };
        var check = new Command("check", "prove a capture's books by the venue's own hashes") { file, meta };
        check.SetAction((given, cancellation) => CaptureCommands.Check(OutputOf(given), given.GetValue(file)!, given.GetValue(meta), cancellation));
        return new Command("capture", "recorded days; needs no silo") { check, Export(), Import() };
    }

    private Command Export()
    {
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "the silo's data directory (default ./data)" };
        var events = new Option<string?>("--events") { HelpName = "FILE", Description = "a recording somewhere else, in place of the data directory's" };
        var target = new Option<string>("--out") { HelpName = "FILE.jsonl[.gz]", Description = "the capture to be made", Required = true };
        var (from, to) = (TimeOption("--from", "inputs received from here on"), TimeOption("--to", "and before this"));
        var config = ConfigOption();
        var command = new Command("export", "one capture file of what a silo recorded, while it runs or not") { data, events, target, from, to, config };
        command.Validators.Add(given =>
        {
            if (given.GetValue(data) is not null && given.GetValue(events) is not null) given.AddError("--data and --events: one of them");
            if (given.GetValue(target) is { } name && !name.EndsWith(".jsonl", StringComparison.Ordinal) && !name.EndsWith(".jsonl.gz", StringComparison.Ordinal))
                given.AddError("--out: must end in .jsonl or .jsonl.gz");
        });
        command.SetAction((given, cancellation) => CaptureCommands.Export(
            _surroundings, OutputOf(given),
            new ExportArguments(given.GetValue(data), given.GetValue(config), given.GetValue(events), given.GetValue(target)!, given.GetValue(from), given.GetValue(to)),
            cancellation));
        return command;
    }

    private Command Import()
    {
        var file = new Argument<string>("FILE") { Description = "a capture, an events.db, or frames one a line, with or without their recorder's envelope, plain or .gz" };
        var target = new Option<string>("--out") { HelpName = "FILE", Description = "the recording to be made: .db, .jsonl or .jsonl.gz", Required = true };
        var meta = new Option<string?>("--meta") { HelpName = "FILE", Description = "what the frames lack: tokens, tick, minimum size, fee, event" };
        var command = new Command("import", "make a recording of ours out of another") { file, target, meta };
        command.Validators.Add(given =>
        {
            if (given.GetValue(target) is { } name && !((string[])[".db", ".jsonl", ".jsonl.gz"]).Any(end => name.EndsWith(end, StringComparison.Ordinal)))
                given.AddError("--out: must end in .db, .jsonl or .jsonl.gz");
        });
        command.SetAction((given, cancellation) => CaptureCommands.Import(
            _surroundings, OutputOf(given), given.GetValue(file)!, given.GetValue(target)!, given.GetValue(meta), cancellation));
        return command;
    }

    private static Option<Instant?> TimeOption(string name, string description)
    {
        var option = new Option<Instant?>(name) { HelpName = "T", Description = $"{description}: as 2026-11-26T14:30:00Z, or milliseconds of Unix time" };
        option.CustomParser = given =>
        {
            var text = given.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var millis) && millis < 1_000_000_000_000_000) return Instant.FromMillis(millis);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return Instant.From(time);

            given.AddError($"{name}: '{text}' is no time: as 2026-11-26T14:30:00Z, or milliseconds of Unix time");
            return null;
        };
        return option;
    }

    private Command Backtest()
    {
        var events = new Option<string>("--events") { HelpName = "FILE", Description = "a capture or an events.db, on the silo's machine", Required = true };
        var set = new Option<string[]>("--set") { HelpName = "K=V", Description = "a parameter of the silo's configuration; repeatable" };
        var sweep = new Option<string[]>("--sweep") { HelpName = "K=FROM..TO/STEPS", Description = "or K=A,B,C: replay every combination; repeatable" };
        var outOfSample = new Option<decimal>("--out-of-sample") { HelpName = "SHARE", Description = "with --sweep: this part of the time, at the end, chooses nothing and judges the best (0 to 0.9)" };
        var report = new Option<string?>("--report") { HelpName = "FILE", Description = "the result, of a sweep the best one's: a page when it ends in .html, else JSON" };
        var csv = new Option<string?>("--csv") { HelpName = "FILE", Description = "with --sweep: the whole table" };
        var command = new Command("backtest", "trade a recording again on the cluster, by other parameters") { events, set, sweep, outOfSample, report, csv };
        command.Validators.Add(given =>
        {
            var axes = Axes(given.GetValue(sweep), given.AddError);
            if (given.GetValue(set)?.FirstOrDefault(text => text.IndexOf('=', StringComparison.Ordinal) < 1) is { } wrong) given.AddError($"--set {wrong}: must be KEY=VALUE");
            if (given.GetValue(outOfSample) is < 0 or > 0.9m) given.AddError("--out-of-sample: must be 0 to 0.9");
            if (given.GetResult(sweep) is null && (given.GetValue(outOfSample) != 0 || given.GetValue(csv) is not null)) given.AddError("--out-of-sample and --csv need --sweep");
            if (axes.DistinctBy(axis => axis.Key).Count() < axes.Length) given.AddError("--sweep: the same parameter twice");
            if (axes.Aggregate(1L, (cells, axis) => cells * axis.Values.Length) > CellsMax) given.AddError($"--sweep: more than {CellsMax} combinations");
        });
        command.SetAction((given, cancellation) => WithSilo(given, (silo, output) => new BacktestCommand(silo, output, cancellation).Run(new BacktestArguments(
            At(given.GetValue(events)!),
            [.. (given.GetValue(set) ?? []).Select(text => text.Split('=', 2)).Select(pair => new NamedText(pair[0].Trim(), pair[1].Trim()))],
            Axes(given.GetValue(sweep), _ => { }),
            (int)(given.GetValue(outOfSample) * 1_000_000),
            At(given.GetValue(report)),
            At(given.GetValue(csv)))), cancellation));
        return command;

        static ImmutableArray<SweepAxis> Axes(string[]? texts, Action<string> complain)
        {
            var axes = ImmutableArray.CreateBuilder<SweepAxis>();
            foreach (var text in texts ?? [])
            {
                if (SweepAxis.TryParse(text, out var axis, out var complaint)) axes.Add(axis);
                else complain($"--sweep {complaint}");
            }

            return axes.ToImmutable();
        }

        [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(file))]
        string? At(string? file) => file is null ? null : Path.GetFullPath(Path.Combine(_surroundings.Directory, file));
    }

    private Command Version()
    {
        var command = new Command("version", "this program's version");
        command.SetAction(given =>
        {
            var version = typeof(ClientCommandLine).Assembly.GetName().Version?.ToString(3) ?? "unknown";
            if (OutputOf(given).IsJson) OutputOf(given).Document(new { version });
            else OutputOf(given).Line(version);
            return ExitCode.Ok;
        });
        return command;
    }

    private Command WithReason(string name, string description, bool required, Func<SiloConnection, Output, string, Task<int>> act)
    {
        var reason = new Option<string>("--reason") { HelpName = "T", Description = "why, for the journal", Required = required, DefaultValueFactory = _ => "" };
        if (required) reason.DefaultValueFactory = null;
        var command = new Command(name, description) { reason };
        command.SetAction((given, cancellation) => WithSilo(given, (silo, output) => act(silo, output, given.GetValue(reason) ?? ""), cancellation));
        return command;
    }

    private Command Remote(string name, string description, Func<SiloConnection, Output, Task<int>> act)
    {
        var command = new Command(name, description);
        command.SetAction((given, cancellation) => WithSilo(given, act, cancellation));
        return command;
    }

    private async Task<int> WithSilo(ParseResult given, Func<SiloConnection, Output, Task<int>> act, CancellationToken cancellation)
    {
        await using var silo = await SiloConnection.Open(given.GetValue(_silo)!, _surroundings.ControlToken, TimeSpan.FromSeconds(given.GetValue(_timeout)), cancellation);
        return await act(silo, OutputOf(given));
    }

    private Output OutputOf(ParseResult given) => new(given.GetValue(_json), _out);
}
