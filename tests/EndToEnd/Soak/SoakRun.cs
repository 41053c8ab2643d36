using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>
/// A silo that trades at 5,000 book changes a second on an exchange that does everything wrong, both as people run them (`--demo --scenario soak`),
/// looked at every few seconds.
/// </summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);
    private const int LooksMax = 720;

    /// <summary>So many looks; the exchange remembers ten thousand, an hour of them.</summary>
    private const int FaultsEvery = 60;

    /// <summary>An order nobody answered for is found absent a minute after it was sent, by three rounds.</summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromMinutes(6);

    /// <summary>Limits that nothing reaches: how often trading stops by itself is not what this is about.</summary>
    private static readonly string[] Limits =
    [
        "risk.max_daily_loss=1000000", "risk.max_hourly_loss=1000000", "risk.drawdown_limit=1000000", "risk.max_unresolved_orders=1000",
        "risk.max_open_orders_per_market=1000", "risk.reject_rate_limit=1", "risk.max_phantoms_per_minute=1000000",
    ];

    private readonly Running _silo;
    private readonly HttpClient _http = new();
    private readonly string _data;
    private readonly string _report;
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;
    private readonly List<SoakSample> _samples = [];
    private readonly List<Complaint> _stops = [];
    private readonly HashSet<(string Kind, long At)> _faults = [];
    private long _read; // When they were last read.
    private long _started; // Unix milliseconds: the samples count from here.
    private int _exchange;
    private int _port;
    private string _pages = "";
    private string _venue = "";

    private SoakRun(Running silo, string data, string report) => (_silo, _data, _report) = (silo, data, report);

    public static async Task<SoakRun> Start(string directory, int seed, CancellationToken cancellation)
    {
        var (data, report) = (Path.Combine(directory, "data"), Path.Combine(directory, "report.json"));
        var silo = Programs.Silo(
            ["--demo", "--seed", $"{seed}", "--scenario", "soak", "--faults", Programs.PathOf("simulator", "Faults/soak.yaml"), "--data", data, "--report", report], directory);
        var run = new SoakRun(silo, data, report)
        {
            _venue = (await silo.Line("exchange ", cancellation))["exchange ".Length..],
            _port = Programs.PortOf(await silo.Line("silo ", cancellation)),
            _pages = (await silo.Line("dashboard ", cancellation))["dashboard ".Length..],
            _exchange = ProcessLook.ChildOf(silo.Id),
        };
        await run.Says(cancellation, ["set", .. Limits]);
        return run;
    }

    /// <summary>Looks at it for so long. As its operator: when it stops by itself, why is written down and it goes on.</summary>
    public async Task Watch(TimeSpan length, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        _started = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var period = new PeriodicTimer(TimeSpan.FromTicks(Math.Max(LookEvery.Ticks, length.Ticks / LooksMax)));
        while (watch.Elapsed < length)
        {
            await period.WaitForNextTickAsync(cancellation);
            var metrics = await Metrics(cancellation);
            _samples.Add(SoakSample.Of(watch.Elapsed.TotalSeconds, ProcessLook.At(_silo.Id), ProcessLook.At(_exchange), metrics, _data));
            if (_samples.Count % FaultsEvery == 0) await ReadFaults(cancellation);
            if (metrics.Sum("polyarb_state{state=\"running\"}") == 0) await GoOn(cancellation);
        }
    }

    /// <summary>No new baskets; what is open ends, what is unknown is found out; then the silo stops, and compares its ledger with the exchange's.</summary>
    public async Task<SoakResult> Finish(CancellationToken cancellation)
    {
        await Says(cancellation, "pause");
        var (drained, left) = (Stopwatch.StartNew(), 1L);
        while (left > 0 && drained.Elapsed < DrainWithin)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), cancellation);
            await ReadFaults(cancellation); // It keeps the newest ten thousand.
            var status = await Status(cancellation);
            left = status.GetProperty("unresolvedOrders").GetInt64() + status.GetProperty("openOrders").GetInt64();
        }

        await ReadFaults(cancellation);
        await _silo.Signal("TERM"); // Whoever starts this in the background may have SIGINT ignored, for its children too.
        var ended = await _silo.End(cancellation, TimeSpan.FromMinutes(5));
        return new SoakResult
        {
            Began = _began,
            Samples = [.. _samples],
            Drain = drained.Elapsed,
            Faults = new SoakFaults([.. _faults]) { Until = _read }.With(_samples.Select(sample => (_started + (long)(sample.Seconds * 1_000), sample.Pressure))),
            Complaints = [.. Complaint.InLog(ended.Output, _began), .. await Complaint.InJournal(Path.Combine(_data, "polyarb.db"), cancellation), .. _stops],
            ExitCode = ended.ExitCode,
            Error = ended.Error,
            Report = JsonDocument.Parse(await File.ReadAllTextAsync(_report, cancellation)).RootElement,
        };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _silo.DisposeAsync();
    }

    private async Task ReadFaults(CancellationToken cancellation)
    {
        _read = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        using var faults = JsonDocument.Parse(await _http.GetStringAsync(new Uri(_venue + "/sim/faults"), cancellation));
        _faults.UnionWith(SoakFaults.Of(faults.RootElement));
    }

    private async Task GoOn(CancellationToken cancellation)
    {
        var status = await Status(cancellation);
        if (status.GetProperty("state").GetString() is "RUNNING" or "FLATTENING") return; // The figures are some seconds old, or not yet its last word.

        _stops.Add(new Complaint(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), $"{status.GetProperty("state").GetString()}: {status.GetProperty("reason").GetString()}"));
        await Try(cancellation, "pause"); // From SAFE there is no other way.
        await Try(cancellation, "resume", "--reason", "soak"); // If it cannot now, it is tried again after the next look.
    }

    private async Task<MetricsText> Metrics(CancellationToken cancellation) => new(await _http.GetStringAsync(new Uri(_pages + "/metrics"), cancellation));

    private async Task<JsonElement> Status(CancellationToken cancellation)
    {
        var said = await Programs.Client(_port, cancellation, "status", "--json");
        return said.ExitCode == 0 ? said.Json : throw new Xunit.Sdk.XunitException($"the silo does not answer: {said.Error}");
    }

    private Task<Ended> Try(CancellationToken cancellation, params string[] command) => Programs.Client(_port, cancellation, command);

    private async Task Says(CancellationToken cancellation, params string[] command)
    {
        var said = await Try(cancellation, command);
        if (said.ExitCode != 0) throw new Xunit.Sdk.XunitException(string.Create(CultureInfo.InvariantCulture, $"{command[0]}: exit code {said.ExitCode}, {said.Error}"));
    }
}
