using System.CommandLine;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>`capture check`, `capture export`, `capture import`: need no silo.</summary>
internal static class CaptureGroup
{
    public static IEnumerable<Command> Of(CommandScope scope) =>
        [new Command("capture", "recorded days; needs no silo") { Check(scope), Export(scope), Import(scope) }];

    private static Command Check(CommandScope scope)
    {
        var file = new Argument<string>("FILE") { Description = "frames one a line, plain or .gz" };
        var meta = new Option<string?>("--meta") { HelpName = "FILE", Description = "what the frames lack: tokens, tick, minimum size, neg-risk" };
        var check = new Command("check", "prove a capture's books by the venue's own hashes") { file, meta };
        check.SetAction((given, cancellation) => CaptureCommands.Check(scope.Surroundings, scope.OutputOf(given), given.GetValue(file)!, given.GetValue(meta), cancellation));
        return check;
    }

    private static Command Export(CommandScope scope)
    {
        var (config, data) = (CommandScope.Config(), CommandScope.Data());
        var events = new Option<string?>("--events") { HelpName = "FILE", Description = "a recording somewhere else, in place of the data directory's" };
        var target = new Option<string>("--out") { HelpName = "FILE.jsonl[.gz]", Description = "the capture to be made", Required = true };
        var (from, to) = (CommandScope.Time("--from", "inputs received from here on"), CommandScope.Time("--to", "and before this"));
        var command = new Command("export", "one capture file of what a silo recorded, while it runs or not") { data, events, target, from, to, config };
        command.Validators.Add(given =>
        {
            if (given.GetValue(data) is not null && given.GetValue(events) is not null) given.AddError("--data and --events: one of them");
            if (given.GetValue(target) is { } name && !name.EndsWith(".jsonl", StringComparison.Ordinal) && !name.EndsWith(".jsonl.gz", StringComparison.Ordinal))
                given.AddError("--out: must end in .jsonl or .jsonl.gz");
        });
        command.SetAction((given, cancellation) => CaptureCommands.Export(
            scope.Surroundings, scope.OutputOf(given),
            new ExportArguments(given.GetValue(data), given.GetValue(config), given.GetValue(events), given.GetValue(target)!, given.GetValue(from), given.GetValue(to)),
            cancellation));
        return command;
    }

    private static Command Import(CommandScope scope)
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
            scope.Surroundings, scope.OutputOf(given), given.GetValue(file)!, given.GetValue(target)!, given.GetValue(meta), cancellation));
        return command;
    }
}
