using PolyArb.Domain;
using PolyArb.Tests.Client;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>`backtest` on a running silo: what it says is what a replay by itself says, and a sweep ranks what single replays came to.</summary>
[Collection(nameof(EndToEnd))]
public sealed class ClusterBacktestTests : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;
    private LiveDay _day = null!;
    private Running _silo = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Recording => Path.Combine(_directory, "day.jsonl.gz");

    public async ValueTask InitializeAsync()
    {
        _day = await LiveDay.Start("quiet", seed: 3);
        _silo = await _day.Silo();
        await using var generating = Programs.Exchange("generate", "--seed", "1", "--events", "20000", "--markets", "20", "--out", Recording);
        Assert.Equal(0, (await generating.End(Stop)).ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _day.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task A_replay_on_the_silo_decides_as_a_replay_by_itself()
    {
        await using var alone = Programs.Silo(["--mode", "backtest", "--events", Recording, "--set", "min_edge_threshold=0.004"], Path.GetDirectoryName(_day.Data)!);
        var expected = await alone.End(Stop);
        Assert.True(expected.ExitCode == 0, expected.Error);

        var said = await Asked("--set", "min_edge_threshold=0.004", "--json");

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Equal(expected.Json.GetProperty("decisions_digest").GetString(), said.Json.GetProperty("decisions_digest").GetString());
        Assert.Equal(expected.Json.GetProperty("final_equity").GetString(), said.Json.GetProperty("final_equity").GetString());
        Assert.Equal(20_000, said.Json.GetProperty("events").GetInt64());
    }

    [Fact]
    public async Task A_sweep_ranks_its_combinations_and_writes_table_and_page()
    {
        var (csv, page) = (Path.Combine(_directory, "sweep.csv"), Path.Combine(_directory, "best.html"));

        var said = await Asked(
            "--sweep", "min_edge_threshold=0.002..0.03/3", "--sweep", "failure_buffer=0.001,0.005", "--out-of-sample", "0.3", "--csv", csv, "--report", page, "--json");

        Assert.True(said.ExitCode == 0, said.Error);
        var rows = said.Json.GetProperty("rows").EnumerateArray().ToArray();
        Assert.Equal(6, rows.Length);
        var earned = rows.Select(row => Usd.Parse(row.GetProperty("in_sample").GetProperty("earned").GetString()!).Micros).ToArray();
        Assert.Equal(earned.OrderDescending(), earned);
        Assert.NotEqual(rows[0].GetProperty("decisions_digest").GetString(), rows[^1].GetProperty("decisions_digest").GetString());
        Assert.Equal(7, (await File.ReadAllLinesAsync(csv, Stop)).Length);
        Assert.Contains("DEPLOY", await File.ReadAllTextAsync(page, Stop), StringComparison.Ordinal);

        var best = rows[0].GetProperty("changes").EnumerateArray().SelectMany(change => (string[])["--set", $"{change.GetProperty("name").GetString()}={change.GetProperty("text").GetString()}"]);
        var alone = await Asked([.. best, "--json"]);
        Assert.Equal(rows[0].GetProperty("decisions_digest").GetString(), alone.Json.GetProperty("decisions_digest").GetString());
    }

    [Theory]
    [InlineData(2, "no such parameter", "--set", "min_egde_threshold=0.004")]
    [InlineData(2, "2 to 1000 steps", "--sweep", "min_edge_threshold=0.002..0.02")]
    [InlineData(2, "need --sweep", "--csv", "x.csv")]
    public async Task What_cannot_be_replayed_is_said_in_one_line(int exitCode, string why, params string[] options)
    {
        var said = await Asked(options);

        Assert.Equal(exitCode, said.ExitCode);
        Assert.Contains(why, Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_recording_that_is_not_there_is_said_in_one_line()
    {
        var said = await _day.Operator.Run("backtest", "--events", Path.Combine(_directory, "none.jsonl"), "--silo", $"localhost:{_day.Port}");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("none.jsonl", Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private Task<Said> Asked(params string[] options) =>
        _day.Operator.Run(["backtest", "--events", Recording, "--silo", $"localhost:{_day.Port}", .. options]);
}
