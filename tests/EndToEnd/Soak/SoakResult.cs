using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>What a soak came to, and the judgement of it.</summary>
internal sealed record SoakResult
{
    private const int RowsMax = 240;

    /// <summary>What may be more at the end than after the warm-up, in MB: the collector's and the allocator's own ways.</summary>
    private const double MemoryMax = 48;

    /// <summary>The same of a run of minutes: queues and buffers reach their sizes, and what is large is collected for the first time, after three of them.</summary>
    private const double MemoryMaxSoon = 256;

    private const double SoonSeconds = 1_200;

    /// <summary>The gateway keeps every order, fill and basket in memory by design; so much for each fact of the journal (measured: docs/soak.md).</summary>
    private const double BytesPerFact = 300;

    private const double HandlesMax = 10;

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public required DateTimeOffset Began { get; init; }

    public required ImmutableArray<SoakSample> Samples { get; init; }

    /// <summary>From the end of trading until nothing was open or unknown.</summary>
    public required TimeSpan Drain { get; init; }

    public required SoakFaults Faults { get; init; }

    public required ImmutableArray<Complaint> Complaints { get; init; }

    public required int ExitCode { get; init; }

    /// <summary>What came on stderr: where the ledgers differ, for one.</summary>
    public required string Error { get; init; }

    /// <summary>The demo's own (--report).</summary>
    public required JsonElement Report { get; init; }

    public double Seconds => Samples[^1].Seconds;

    public double EventsPerSecond => (Samples[^1].Events - Samples[0].Events) / (Seconds - Samples[0].Seconds);

    public double FramesPerSecond => (Samples[^1].Frames - Samples[0].Frames) / (Seconds - Samples[0].Seconds);

    public ImmutableArray<Complaint> Unexplained => [.. Complaints.Where(complaint => Explanation.For(complaint, Faults) is null)];

    public ImmutableArray<Flatness> Verdicts => VerdictsOn(Samples);

    public bool LedgersAreEqual => ExitCode == 0 && Report.GetProperty("ledgerMatchesVenue").GetBoolean();

    public int Unresolved => Report.GetProperty("orders").GetProperty("unresolved").GetInt32();

    public static ImmutableArray<Flatness> VerdictsOn(IReadOnlyList<SoakSample> samples)
    {
        var judged = samples.Where(sample => sample.Seconds >= Flatness.WarmUpOf(samples[^1].Seconds)).ToArray();
        var memory = samples[^1].Seconds < SoonSeconds ? MemoryMaxSoon : MemoryMax;
        var kept = (judged[^1].Facts - judged[0].Facts) * BytesPerFact / (1 << 20);
        return
        [
            Of("physical memory", "MB", sample => sample.Resident, memory + kept),
            Of("managed heap after a collection", "MB", sample => sample.Heap, memory + kept),
            Of("open handles", "", sample => sample.Handles, HandlesMax),
            Of("threads", "", sample => sample.Threads, HandlesMax),
        ];

        Flatness Of(string what, string unit, Func<SoakSample, double> value, double allowed) =>
            Flatness.Of(what, unit, [.. samples.Select(sample => (sample.Seconds, value(sample)))], Math.Round(allowed, 1));
    }

    /// <summary>The result file: what was run, what came of it, and at most 240 rows of the series.</summary>
    public string Document()
    {
        var rows = Samples.Where((_, at) => at % ((Samples.Length + RowsMax - 1) / RowsMax) == 0 || at == Samples.Length - 1);
        var json = JsonSerializer.Serialize(
            new
            {
                began = Began.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                machine = $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
                seconds = Math.Round(Seconds),
                framesPerSecond = Math.Round(FramesPerSecond),
                eventsPerSecond = Math.Round(EventsPerSecond),
                drainSeconds = Math.Round(Drain.TotalSeconds),
                ledgersAreEqual = LedgersAreEqual,
                unresolved = Unresolved,
                verdicts = Verdicts.Select(verdict => new
                {
                    what = verdict.What,
                    judgedSeconds = Math.Round(verdict.JudgedSeconds),
                    from = Math.Round(verdict.From, 1),
                    rise = Math.Round(verdict.Rise, 1),
                    allowed = verdict.Allowed,
                    isFlat = verdict.Holds,
                }),
                faults = Faults.Counts,
                explained = Complaints.Select(complaint => Explanation.For(complaint, Faults)).OfType<Explanation>().GroupBy(known => known.What)
                    .ToImmutableSortedDictionary(known => known.Key, known => known.Count()),
                unexplained = Unexplained.Select(complaint => complaint.Text),
                report = Report,
                columns = SoakSample.Columns,
            },
            Readable);
        var series = string.Join(",\n    ", rows.Select(row => JsonSerializer.Serialize(row.Row())));
        return $"{json.TrimEnd().TrimEnd('}').TrimEnd()},\n  \"series\": [\n    {series}\n  ]\n}}\n";
    }
}
