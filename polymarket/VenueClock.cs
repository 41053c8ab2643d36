using System.Globalization;

namespace PolyArb.Polymarket;

/// <summary>The time for request signatures: ours, moved to the venue's when they differ by more than 2 s (protocol sheet 6.2).</summary>
public sealed class VenueClock(TimeProvider time)
{
    /// <summary>`GET /time` is in whole seconds, so less than this may be rounding and travel.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(2);

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

    /// <summary>Measures the offset; false when the venue did not tell its time.</summary>
    public async Task<bool> Sync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            var before = time.GetUtcNow();
            var text = await http.GetStringAsync(new Uri("/time", UriKind.Relative), cancellation);
            if (!long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds > 100_000_000_000) return false;

            var middle = before + (time.GetUtcNow() - before) / 2;
            Interlocked.Exchange(ref _offsetTicks, (DateTimeOffset.FromUnixTimeSeconds(seconds) - middle).Ticks);
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
        {
            return false;
        }
    }
}
