using System.Collections.Immutable;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>One look at the silo, at the exchange, and at what the silo says of itself. Memory and files in MB (2^20 bytes), counts since the start.</summary>
/// <param name="Resident">Physical memory of the silo.</param>
/// <param name="Heap">What its last collection left on the managed heap.</param>
/// <param name="Handles">Open file descriptors.</param>
/// <param name="Pressure">Percent of the last ten seconds in which somebody on this machine waited for a processor.</param>
/// <param name="Waiting">Market inputs and rows of the recorder that wait.</param>
/// <param name="Journal">polyarb.db with its log; events.db grows by design.</param>
internal sealed record SoakSample(
    double Seconds, double Resident, double Heap, int Handles, int Threads, double Processor, double Pressure, double ExchangeResident, double Journal, double Recording,
    long Frames, long Events, long Waiting, long Stale, long Facts, long Baskets, long Orders, long Unresolved, long Errors)
{
    /// <summary>The names of <see cref="Row"/>, in its order.</summary>
    public static readonly ImmutableArray<string> Columns =
    [
        "seconds", "residentMb", "heapMb", "handles", "threads", "processorSeconds", "pressurePercent", "exchangeResidentMb", "journalMb", "recordingMb",
        "frames", "events", "waiting", "staleBooks", "facts", "baskets", "orders", "unresolved", "errors",
    ];

    public double[] Row() =>
    [
        Math.Round(Seconds, 1), Resident, Heap, Handles, Threads, Processor, Pressure, ExchangeResident, Journal, Recording,
        Frames, Events, Waiting, Stale, Facts, Baskets, Orders, Unresolved, Errors,
    ];

    /// <summary>From a row of a result file.</summary>
    public static SoakSample Read(double[] row) => new(
        row[0], row[1], row[2], (int)row[3], (int)row[4], row[5], row[6], row[7], row[8], row[9],
        (long)row[10], (long)row[11], (long)row[12], (long)row[13], (long)row[14], (long)row[15], (long)row[16], (long)row[17], (long)row[18]);

    public static SoakSample Of(double seconds, ProcessLook silo, ProcessLook exchange, MetricsText metrics, string data) => new(
        seconds, silo.Resident, Megabytes(metrics.Sum("dotnet_gc_heap_size_bytes")), silo.Handles, silo.Threads, silo.Processor, ProcessLook.Pressure(), exchange.Resident,
        FilesOf(data, "polyarb.db*"), FilesOf(data, "events.db*"),
        (long)metrics.Sum("polyarb_frames_total"), (long)metrics.Sum("polyarb_events_total"),
        (long)(metrics.Sum("polyarb_queue_waiting{queue=\"market\"}") + metrics.Sum("polyarb_queue_waiting{queue=\"recorder\"}")),
        (long)metrics.Sum("polyarb_books_stale"), (long)metrics.Sum("polyarb_facts_total"), (long)metrics.Sum("polyarb_baskets_opened_total"),
        (long)metrics.Sum("polyarb_orders_placed_total"), (long)metrics.Sum("polyarb_orders_unresolved"), (long)metrics.Sum("polyarb_errors_total"));

    private static double FilesOf(string directory, string pattern) =>
        Megabytes(new DirectoryInfo(directory).EnumerateFiles(pattern).Sum(file => file.Length));

    private static double Megabytes(double bytes) => Math.Round(bytes / (1 << 20), 1);
}
