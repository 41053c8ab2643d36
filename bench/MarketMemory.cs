using System.Globalization;
using PolyArb.Bench.Venue;

namespace PolyArb.Bench;

/// <summary>What a market costs a silo's process that follows it while nothing happens there: a book of 20 levels a side, proven, on a socket with others.</summary>
internal static class MarketMemory
{
    private static readonly TimeSpan OpenWithin = TimeSpan.FromMinutes(3);

    public static readonly string[] Columns = ["markets", "MB now", "MB at most", "KB a market", "% of a core", "threads", "s to open"];

    public static async Task<BenchTable> Measure(BenchTable table, int[] counts, bool isShort)
    {
        var rest = TimeSpan.FromSeconds(isShort ? 1 : 25); // Longer than a token may be silent before REST is asked about it.
        (long Now, long Peak)? base1 = null;
        foreach (var count in counts.Prepend(1))
        {
            var set = MarketSet.Of(count, pairs: 0, tens: 0);
            using var venue = new VenueServer(set.Markets, set.Books);
            var directory = Directory.CreateTempSubdirectory("polyarb-bench-").FullName;
            await using (var silo = StartSilo(venue, directory))
            {
                var seconds = await Open(venue, count, silo);
                var used = silo.ProcessorTime;
                await Task.Delay(rest);
                var busy = 100 * (silo.ProcessorTime - used) / rest;
                var (now, peak) = silo.Resident;
                var opened = venue.Subscribed;
                if (opened < count) table.Note($"Of {count} markets {opened} were open after {OpenWithin.TotalSeconds} s; the row is theirs.");
                double? each = base1 is { } alone ? (now - alone.Now) / 1_024.0 / (opened - 1) : null;
                table.Add(string.Create(CultureInfo.InvariantCulture, $"{opened:#,0} idle markets"), "", opened, now / 1e6, peak / 1e6, each, busy, silo.Threads, seconds);
                base1 ??= (now, peak);
            }

            Directory.Delete(directory, recursive: true);
        }

        table.Note("Resident memory of a polyarb-silo process in a dry run, after a rest; a market is a question with both its books. \"KB a market\" is what there is beyond the process with one, \"% of a core\" what it takes while it rests.");
        return table;
    }

    private static ProgramRun StartSilo(VenueServer venue, string directory)
    {
        var config = Path.Combine(directory, "config.yaml");
        File.WriteAllText(
            config,
            $"""
            silo:
              port: {ProgramRun.FreePort()}
              gateway_port: {ProgramRun.FreePort()}
            web:
              port: off
            venue:
              clob_rest_url: {venue.Url}
              clob_ws_url: {venue.SocketUrl}
            """);
        return ProgramRun.Start(ProgramRun.PathOf("silo", "polyarb-silo"), ["--config", config, "--data", Path.Combine(directory, "data")], directory, [("MARKETS", "all")]);
    }

    private static async Task<double> Open(VenueServer venue, int count, ProgramRun silo)
    {
        using var deadline = new CancellationTokenSource(OpenWithin);
        await silo.Line("silo ");
        while (venue.Subscribed < count && !deadline.IsCancellationRequested) await Task.Delay(20);

        return System.Diagnostics.Stopwatch.GetElapsedTime(silo.StartedAt).TotalSeconds;
    }
}
