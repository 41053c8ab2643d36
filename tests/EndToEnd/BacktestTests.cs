using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A generated day, traded again by the built program.</summary>
[Collection(nameof(EndToEnd))]
public sealed class BacktestTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_generated_day_is_traded_again_and_comes_to_the_same_twice()
    {
        await Generate("day.jsonl.gz");

        var (first, second) = (await Backtest("day.jsonl.gz"), await Backtest("day.jsonl.gz"));

        Assert.Equal((20_000, 10_000m), (first.GetProperty("events").GetInt32(), Dollars(first, "initial_capital")));
        Assert.True(first.GetProperty("trade_count").GetInt32() > 0, first.ToString());
        Assert.Equal(Dollars(first, "final_equity"), 10_000m + Dollars(first, "realized_pnl") + Dollars(first, "unrealized_pnl"));
        Assert.Equal(WithoutTime(first), WithoutTime(second));

        var lazy = await Backtest("day.jsonl.gz", "--set", "proof.check=before_trade", "--report", "report.html");
        Assert.Equal(first.GetProperty("final_equity").GetString(), lazy.GetProperty("final_equity").GetString());
        Assert.StartsWith("<!DOCTYPE html>", await File.ReadAllTextAsync(Path.Combine(_directory, "report.html"), Cancellation), StringComparison.OrdinalIgnoreCase);

        var picky = await Backtest("day.jsonl.gz", "--set", "min_edge_threshold=0.09");
        Assert.NotEqual(first.GetProperty("decisions_digest").GetString(), picky.GetProperty("decisions_digest").GetString());
        Assert.Equal("0.09", picky.GetProperty("changes").GetProperty("min_edge_threshold").GetString());
    }

    [Theory]
    [InlineData("min_edge_treshold=0.01", "did you mean thresholds.min_edge_threshold?")]
    [InlineData("proof.check=off", "must be always or before_trade")]
    public async Task A_parameter_that_cannot_be_so_is_named(string set, string says)
    {
        await File.WriteAllTextAsync(Path.Combine(_directory, "empty.jsonl"), """{"polyarb_capture":1,"markets":[]}""", Cancellation);

        await using var silo = Programs.Silo(["--mode", "backtest", "--events", "empty.jsonl", "--set", set], _directory);
        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(says, Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private async Task Generate(string file)
    {
        await using var exchange = Programs.Exchange("generate", "--seed", "1", "--events", "20000", "--markets", "50", "--out", Path.Combine(_directory, file));
        Assert.Equal(0, (await exchange.End(Cancellation)).ExitCode);
    }

    private async Task<JsonElement> Backtest(string file, params string[] more)
    {
        await using var silo = Programs.Silo(["--mode", "backtest", "--events", file, .. more], _directory);
        var ended = await silo.End(Cancellation);
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended.Json;
    }

    private static decimal Dollars(JsonElement metrics, string name) =>
        decimal.Parse(metrics.GetProperty(name).GetString()!, System.Globalization.CultureInfo.InvariantCulture);

    private static string[] WithoutTime(JsonElement metrics) =>
        [.. metrics.EnumerateObject().Where(property => property.Name is not ("seconds" or "events_per_second")).Select(property => property.ToString())];
}
