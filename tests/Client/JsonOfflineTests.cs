using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.Recordings;
using PolyArb.Simulator.World;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>The documents of commands that need no silo.</summary>
public sealed class JsonOfflineTests : IAsyncLifetime
{
    private ExchangeHost _exchange = null!;

    public async ValueTask InitializeAsync() =>
        _exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Quiet = true }, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    [Fact]
    public async Task What_needs_no_silo_answers_as_it_was_read_last()
    {
        using var person = Operator.At(_exchange);
        await File.WriteAllTextAsync(person.Directory["config.yaml"], "signer: { backend: managed }\n", TestContext.Current.CancellationToken);
        await HaveHistory(person.Directory["data"]);
        Generator.Run(person.Directory["day.jsonl"], seed: 1, frames: 200, ScenarioFile.Load("default"), TestContext.Current.CancellationToken);

        foreach (var (line, exitCode) in JsonDocuments.Offline) await JsonDocuments.Keeps(person, line, exitCode);
    }

    private static async Task HaveHistory(string directory)
    {
        using var data = DataDirectory.Open(directory, Identity.Paper(137, new Uri("https://clob.polymarket.com")), TimeProvider.System);
        await using var journal = new SqlJournal(data.Journal);
        await journal.Append([Storage.Given.Error("for whoever looks")], fence: 0);
    }
}
