using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>Every bench in its shortest form: what it measures here means nothing, that it still runs does.</summary>
[Collection(nameof(EndToEnd))]
public sealed class BenchTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task The_benches_of_often_run_parts_measure_something_of_each()
    {
        var figures = await Run("quick", "--short");

        Assert.All(figures.EnumerateArray(), figure => Assert.True(figure.GetProperty("runs").GetInt32() > 0, figure.ToString()));
        foreach (var part in (string[])["price_change", "reserve", "Durable transaction", "turn of a market's grain", "submit bytes"])
        {
            Assert.Contains(figures.EnumerateArray(), figure => figure.GetProperty("name").GetString()!.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Frames_become_orders_on_the_wire_of_the_venue_that_sent_them()
    {
        var table = await Run("tick-to-wire", "--short");

        var orders = Row(table, "frame to order");
        Assert.True(orders.GetProperty("samples").GetDouble() > 0 && orders.GetProperty("p50").GetDouble() > 0, table.ToString());
        Assert.True(Row(table, "bare POST, answered").GetProperty("p50").GetDouble() > 0, table.ToString());
        Assert.True(Row(table, "decided to sent").GetProperty("samples").GetDouble() > 0, table.ToString());
    }

    [Fact]
    public async Task What_the_venue_floods_a_silo_with_arrives_at_the_desks_whole()
    {
        var table = await Run("ingest", "--short");

        Assert.All(Rows(table), row => Assert.True(row.GetProperty("events/s").GetDouble() > 0, table.ToString()));
        Assert.DoesNotContain(table.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("were not applied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_that_starts_is_seen_to_prove_a_book() =>
        Assert.All(Rows(await Run("startup", "--short")), row => Assert.InRange(row.GetProperty("cold").GetDouble(), 0.1, 60));

    [Fact]
    public async Task Idle_markets_are_opened_and_weighed() =>
        Assert.Equal([1, 50], Rows(await Run("memory", "--short")).Select(row => row.GetProperty("markets").GetDouble()));

    [Fact]
    public async Task Silos_that_share_a_database_apply_all_that_their_markets_are_sent()
    {
        var table = await Run("cluster", "--short");

        var two = Row(table, "2 silos");
        Assert.True(two.GetProperty("events/s").GetDouble() > 0 && two.GetProperty("second %").GetDouble() > 0, table.ToString());
        Assert.InRange(two.GetProperty("markets at most").GetDouble(), 15, 29);
        Assert.DoesNotContain(table.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("were applied", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ours_and_plain_books_are_measured_on_the_same_frames()
    {
        var table = await Run("compare", "--short");

        Assert.True(Row(table, "ours").GetProperty("median").GetDouble() > 0, table.ToString());
        Assert.True(Row(table, "dictionaries").GetProperty("median").GetDouble() > 0, table.ToString());
    }

    private static JsonElement[] Rows(JsonElement table) => [.. table.GetProperty("figures").EnumerateArray()];

    private static JsonElement Row(JsonElement table, string name) =>
        Rows(table).First(row => row.GetProperty("name").GetString()!.Contains(name, StringComparison.Ordinal));

    private async Task<JsonElement> Run(params string[] arguments)
    {
        var file = Path.Combine(_directory, "figures.json");
        await using var bench = Running.Start(Programs.PathOf("bench", "polyarb-bench"), [.. arguments, "--json", file], _directory, []);
        var ended = await bench.End(Cancellation, TimeSpan.FromMinutes(4));
        Assert.True(ended.ExitCode == 0, ended.Output + ended.Error);
        return JsonDocument.Parse(await File.ReadAllTextAsync(file, Cancellation)).RootElement;
    }
}
