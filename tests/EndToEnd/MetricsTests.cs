using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>What a demo that trades tells Prometheus, and what is made of it in deploy/.</summary>
[Collection(nameof(EndToEnd))]
public sealed partial class MetricsTests(TradingSilo silo) : IClassFixture<TradingSilo>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_own_tool_finds_nothing_to_complain_about()
    {
        var (exitCode, said) = await Promtool(silo.Metrics, "check", "metrics");

        Assert.True(exitCode == 0 && said.Length == 0, said);
    }

    [Theory]
    [InlineData("polyarb_baskets_closed_total{end=\"completed\"}")]
    [InlineData("polyarb_proofs_total{result=\"ok\"}")]
    [InlineData("polyarb_proposals_total{answer=\"passed\"}")]
    [InlineData("polyarb_latency_seconds_count{series=\"recv_to_decision\"}")]
    [InlineData("polyarb_latency_seconds_count{series=\"send_to_ack\"}")]
    [InlineData("polyarb_latency_seconds_count{series=\"ack_to_fill\"}")]
    [InlineData("polyarb_facts_total{kind=\"BasketOpened\"}")]
    [InlineData("polyarb_state{state=\"running\"}")]
    [InlineData("polyarb_equity_dollars")]
    [InlineData("polyarb_frames_total")]
    [InlineData("polyarb_recorder_written_total")]
    [InlineData("orleans_activations{grain_type=\"market\"}")]
    public void A_silo_that_trades_says_so(string sample) =>
        Assert.Contains(silo.Lines, line => line.StartsWith(sample + " ", StringComparison.Ordinal) && !line.EndsWith(" 0", StringComparison.Ordinal));

    [Theory]
    [InlineData("polyarb_errors_total")]
    [InlineData("polyarb_journal_failures_total")]
    [InlineData("polyarb_orders_news_total{news=\"rejected\"}")]
    [InlineData("polyarb_recorder_lost_total")]
    [InlineData("polyarb_snapshots_dropped_total")]
    public void What_has_not_happened_stands_at_a_number_so_that_the_first_time_is_a_rise(string sample) =>
        Assert.Contains(silo.Lines, line => line.StartsWith(sample + " ", StringComparison.Ordinal));

    [Fact]
    public void The_page_about_metrics_names_each_of_ours_and_no_other()
    {
        var page = Repository.Text("docs/metrics.md");

        Assert.Equal(silo.Families.Where(name => name.StartsWith("polyarb_", StringComparison.Ordinal)).Order(), MetricName().Matches(page).Select(name => name.Value).Distinct().Order());
    }

    [Theory]
    [InlineData("deploy/grafana/polyarb.json")]
    [InlineData("deploy/prometheus/alerts.yml")]
    public void Board_and_alerts_ask_only_for_what_exists(string file)
    {
        var named = MetricName().Matches(Repository.Text(file)).Select(name => Family(name.Value)).Distinct().ToArray();

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(silo.Families));
    }

    [Theory]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    public async Task The_alerts_are_rules_and_go_off_when_they_should(string verb, string what, string file)
    {
        var (exitCode, said) = await Promtool("", verb, what, Repository.PathOf($"deploy/prometheus/{file}"));

        Assert.True(exitCode == 0, said);
    }

    [Theory]
    [InlineData("pnl_snapshots")]
    [InlineData("latency_metrics")]
    [InlineData("book_snapshots")]
    public async Task The_tables_of_snapshots_fill_meanwhile(string table)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromMinutes(1));
        await using var database = new SqliteConnection($"Data Source={silo.Journal};Mode=ReadOnly;Pooling=False");
        database.Open();
        using var count = database.CreateCommand();
        count.CommandText = $"SELECT count(*) FROM {table}";
        while ((long)count.ExecuteScalar()! == 0) await Task.Delay(TimeSpan.FromMilliseconds(200), deadline.Token);
    }

    /// <summary>A histogram is asked for by its parts.</summary>
    private string Family(string name) => silo.Families.Contains(name) ? name : HistogramPart().Replace(name, "");

    private static async Task<(int ExitCode, string Said)> Promtool(string input, params string[] arguments)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(Cancellation), promtool.StandardError.ReadToEndAsync(Cancellation));
        await promtool.StandardInput.WriteAsync(input.AsMemory(), Cancellation);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync(Cancellation);
        return (promtool.ExitCode, string.Concat(await said));
    }

    [GeneratedRegex(@"\b(?:polyarb|orleans|dotnet)_[a-z0-9_]+\b")]
    private static partial Regex MetricName();

    [GeneratedRegex("_(?:bucket|sum|count)$")]
    private static partial Regex HistogramPart();
}

/// <summary>A demo, and what it said of itself once it had traded.</summary>
public sealed class TradingSilo : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;
    private Running? _demo;

    public string Journal => Path.Combine(_directory, "data", "polyarb.db");

    /// <summary>As Prometheus reads it.</summary>
    public string Metrics { get; private set; } = "";

    /// <summary>The lines of it; a metric without labels stands without the {} of the exporter.</summary>
    public string[] Lines => Metrics.Replace("{} ", " ", StringComparison.Ordinal).Split('\n');

    /// <summary>The names of all metrics, without labels.</summary>
    public HashSet<string> Families { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        _demo = Programs.Silo(["--demo", "--seed", "7", "--data", Path.Combine(_directory, "data")], _directory);
        var url = (await _demo.Line("dashboard ", deadline.Token))["dashboard ".Length..];
        using var http = new HttpClient();
        while (!HasTraded())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500), deadline.Token);
            Metrics = await http.GetStringAsync(url + "/metrics", deadline.Token);
        }

        Families = [.. Lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2])];
    }

    public async ValueTask DisposeAsync()
    {
        if (_demo is not null) await _demo.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A basket is over, and the figures that come with the first sample of equity are there.</summary>
    private bool HasTraded() =>
        Lines.Any(line => Regex.IsMatch(line, "^polyarb_baskets_closed_total{end=\"completed\"} [1-9]"))
        && Lines.Any(line => line.StartsWith("polyarb_pnl_hourly_dollars ", StringComparison.Ordinal));
}
