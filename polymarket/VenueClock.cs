using System.Globalization;
using PolyArb.Domain;

namespace PolyArb.Polymarket;

/// <summary>The time for request signatures: ours, moved to the venue's when they differ by more than 2 s (protocol sheet 6.2).</summary>
public sealed class VenueClock(TimeProvider time)
{
    /// <summary>`GET /time` is in whole seconds, so less than this may be rounding and travel.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(2);

    /// <summary>An answer that took longer says too little: the venue looked at its clock anywhere on its way, or at any of the tries.</summary>
    private static readonly TimeSpan TravelMax = 2 * Tolerated;

    private long _offsetTicks;

    /// <summary>The venue's time minus ours, as last measured.</summary>
    public TimeSpan Offset => new(Interlocked.Read(ref _offsetTicks));

    /// <summary>Whole seconds of Unix time, as the headers carry it.</summary>
    public string Seconds
    {
        get
        {
            var now = time.GetUtcNow();
            if (Offset.Duration() > Tolerated) now += Offset;
            return now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        }
    }

    /// <summary>A moment of ours by the clock of the two that is behind: who asks the venue for what came after it misses nothing.</summary>
    public Instant Earliest(Instant ours) => Offset < TimeSpan.Zero ? ours + Offset : ours;

    /// <summary>Measures the offset; false when the venue did not tell its time, or not soon enough. Whatever went wrong, what was measured before stays.</summary>
    public async Task<bool> Sync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            var (before, asked) = (time.GetUtcNow(), time.GetTimestamp());
            var text = await http.GetStringAsync(new Uri("/time", UriKind.Relative), cancellation);
            if (!long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds > 100_000_000_000) return false;

            var travel = time.GetElapsedTime(asked);
            if (travel > TravelMax) return false;

            var middle = before + travel / 2;
            Interlocked.Exchange(ref _offsetTicks, (DateTimeOffset.FromUnixTimeSeconds(seconds) - middle).Ticks);
            return true;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }
}
