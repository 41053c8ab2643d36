using System.CommandLine;

namespace PolyArb.Bench;

/// <summary>The benches of whole programs, each a verb of its own that prints one table.</summary>
internal static class MacroCommands
{
    private static readonly Option<string?> Json = new("--json") { HelpName = "FILE", Description = "also write the table as JSON" };

    private static readonly Option<bool> Short = new("--short") { Description = "a few seconds and small numbers: that it runs, not how fast" };

    private static readonly Option<string> Proofs = new("--proofs") { DefaultValueFactory = _ => "always", Description = "proof.check of the silo: always or before_trade" };

    private static readonly Option<int[]> Rates = new("--rate")
    {
        HelpName = "EVENTS",
        Description = "events a second; may be given several times",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int[]> Markets = new("--markets")
    {
        HelpName = "N",
        Description = "how many markets; may be given several times",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<int[]> Silos = new("--silos")
    {
        HelpName = "N",
        Description = "how many silos, at most three; may be given several times",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<string?> Silo = new("--silo") { HelpName = "FILE", Description = "another polyarb-silo than the one that was built, such as a published one" };

    private static readonly Option<string?> Client = new("--client") { HelpName = "DIR", Description = "where npm has installed @polymarket/clob-client-v2" };

    public static IEnumerable<Command> All =>
    [
        Of("tick-to-wire", "a frame leaves the exchange until the order for it arrives there, through a whole silo", TickToWire.Columns, [Proofs, Rates], (table, given) =>
            TickToWire.Measure(table, given.GetValue(Proofs)!, Or(given.GetValue(Rates), given.GetValue(Short) ? [300] : [500, 5_000, 20_000]), given.GetValue(Short))),
        Of("ingest", "wire events a second from the sockets to the desks", Ingest.Columns, [], (table, given) => Ingest.Measure(table, given.GetValue(Short))),
        Of("startup", "process start to the first proven book", Startup.Columns, [Silo], (table, given) => Startup.Measure(table, given.GetValue(Silo), given.GetValue(Short))),
        Of("memory", "what an idle market costs a silo", MarketMemory.Columns, [Markets], (table, given) =>
            MarketMemory.Measure(table, Or(given.GetValue(Markets), given.GetValue(Short) ? [50] : [1_000, 10_000]), given.GetValue(Short))),
        Of("cluster", "the same through one, two and three silos on a PostgreSQL", ClusterThroughput.Columns, [Silos], (table, given) =>
            ClusterThroughput.Measure(table, Or(given.GetValue(Silos), given.GetValue(Short) ? [2] : [1, 2, 3]), given.GetValue(Short))),
        Of("compare", "the same frames through our books, plain ones, and Node with the official client", Compare.Columns, [Client], (table, given) =>
            Compare.Measure(table, given.GetValue(Client), given.GetValue(Short))),
    ];

    private static Command Of(string name, string description, string[] columns, Option[] options, Func<BenchTable, ParseResult, Task<BenchTable>> measure)
    {
        var command = new Command(name, description) { Json, Short };
        foreach (var option in options) command.Add(option);
        command.SetAction(async given =>
        {
            var table = await measure(new BenchTable(string.Join(' ', given.Tokens.Select(token => token.Value)), columns), given);
            table.Write(given.GetValue(Json));
        });
        return command;
    }

    private static int[] Or(int[]? given, int[] otherwise) => given is { Length: > 0 } ? given : otherwise;
}
