using System.Collections.Immutable;
using System.Diagnostics;

namespace PolyArb.Bench.Venue;

/// <summary>Sends one book's change after the other at a rate, from a thread of its own that sleeps in between.</summary>
internal static class Pace
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMicroseconds(50);

    /// <summary>How many were sent.</summary>
    public static Task<long> Run(ImmutableArray<PreparedBook> books, int perSecond, TimeSpan length, Hits? hits) => Task.Factory.StartNew(() =>
    {
        var start = Stopwatch.GetTimestamp();
        for (long sent = 0; ;)
        {
            var now = Stopwatch.GetTimestamp();
            if (Stopwatch.GetElapsedTime(start, now) >= length)
            {
                hits?.End();
                return sent;
            }

            var due = (long)(Stopwatch.GetElapsedTime(start, now).TotalSeconds * perSecond);
            for (; sent < due; sent++)
            {
                var book = books[(int)(sent % books.Length)];
                book.Channel?.Advance(book);
            }

            hits?.Tick(now);
            Native.Sleep(Shortest);
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
