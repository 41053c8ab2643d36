using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>The lines whose --json document is kept as a file, by the test that runs them; together they are every command.</summary>
internal static class JsonDocuments
{
    /// <summary>To a silo with a day behind it: what there is of values is another one each time, so their names are kept.</summary>
    public static readonly string[] Reading =
    [
        "status",
        "orders",
        "fills",
        "positions",
        "baskets",
        "pnl",
        "errors",
        "events --kind StateChanged",
        "events --recorded --last 50",
        "cluster",
        "markets list",
        "book medal",
        "watch",
        "reconcile",
        "pause --reason test",
        "backtest --events day.jsonl",
        "backtest --events day.jsonl --sweep failure_buffer=0.001,0.005 --out-of-sample 0.3",
        "version",
        "completion bash",
    ];

    /// <summary>To a silo that starts on paused, one after the other; with their exit codes.</summary>
    public static readonly (string Line, int ExitCode)[] Steering =
    [
        ("set min_edge_threshold=0.02 failure_buffer=0.002", 0),
        ("set min_egde_threshold=0.02", 1),
        ("reload", 0),
        ("markets off will-the-ceasefire-hold-until-spring", 0),
        ("markets on will-the-ceasefire-hold-until-spring", 0),
        ("resume --reason test", 0),
        ("flatten --reason test", 0),
        ("resume --reason again", 1),
        ("kill --reason test", 0),
        ("stop --reason test", 0),
    ];

    /// <summary>Without a silo, one after the other.</summary>
    public static readonly (string Line, int ExitCode)[] Offline =
    [
        ("keys create", 0),
        ("keys derive", 0),
        ("doctor", 0),
        ("doctor --place", 0),
        ("backup b.db", 0),
        ("restore b.db", 0),
        ("capture check day.jsonl", 0),
        ("capture import day.jsonl --out day.db", 0),
        ("capture export --events day.db --out again.jsonl", 0),
        ("kill --direct", 0),
    ];

    public static IEnumerable<string> All => Reading.Concat(Steering.Concat(Offline).Select(kept => kept.Line));

    /// <summary>Runs a line, whose values can be kept.</summary>
    public static async Task Keeps(Operator person, string line, int exitCode)
    {
        var said = await person.Run([.. line.Split(' '), "--json"]);

        Assert.True((exitCode, "") == (said.ExitCode, said.Error), $"{line}: {said}");
        Assert.DoesNotContain('\n', said.Output.TrimEnd('\n'));
        Snapshot.Matches(FileOf(line), JsonWords.Of(said.Json, person.Directory.Root));
    }

    public static string FileOf(string line) => Path.Combine("json", $"{line.Replace(' ', '-')}.txt");
}
