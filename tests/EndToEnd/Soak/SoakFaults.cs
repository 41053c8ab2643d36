using System.Collections.Immutable;
using System.Text.Json;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>What the exchange says it did wrong: when (Unix milliseconds), by kind.</summary>
internal sealed record SoakFaults(ImmutableArray<(string Kind, long At)> Fired)
{
    private const double BusyPercent = 20;

    /// <summary>The exchange was asked no more after this moment (Unix milliseconds), and then ended: of what came later it cannot tell.</summary>
    public long Until { get; init; } = long.MaxValue;

    /// <param name="document">GET /sim/faults.</param>
    public static IEnumerable<(string Kind, long At)> Of(JsonElement document) =>
        document.GetProperty("fired").EnumerateArray().Select(fault => (fault.GetProperty("kind").GetString()!, fault.GetProperty("at").GetInt64()));

    /// <summary>The moments at which processors were short, as if that were a fault as well.</summary>
    public SoakFaults With(IEnumerable<(long At, double Pressure)> looks) => this with
    {
        Fired = [.. Fired, .. looks.Where(look => look.Pressure >= BusyPercent).Select(look => (Explanation.BusyMachine, look.At))],
    };

    public ImmutableSortedDictionary<string, int> Counts => Fired.GroupBy(fault => fault.Kind).ToImmutableSortedDictionary(kind => kind.Key, kind => kind.Count());

    /// <summary>One of the kinds took hold, or ended, so short a time before the moment; a clock that ticks in milliseconds may put it just after.</summary>
    public bool HasAny(IReadOnlyCollection<string> kinds, long moment, TimeSpan within) =>
        moment > Until || Fired.Any(fault => kinds.Contains(fault.Kind) && fault.At - 1_000 <= moment && moment <= fault.At + (long)within.TotalMilliseconds);
}
