using System.Collections.Immutable;
using System.Diagnostics;

namespace PolyArb.Domain.Simulation;

/// <summary>How long a message travels between us and the venue, drawn anew for each.</summary>
public abstract record LatencyModel
{
    private LatencyModel()
    {
    }

    /// <summary>Always the same.</summary>
    public sealed record Constant(TimeSpan Span) : LatencyModel;

    /// <summary>Evenly from one to the other, both included, in whole microseconds.</summary>
    public sealed record Between(TimeSpan Min, TimeSpan Max) : LatencyModel;

    /// <summary>
    /// One of the spans that were measured, each as likely as it was seen: the series of a recording plays itself, its tail included, without
    /// a guess about its shape.
    /// </summary>
    /// <param name="Spans">At least one, none negative, in any order.</param>
    public sealed record Recorded(ImmutableArray<TimeSpan> Spans) : LatencyModel;

    /// <summary>How many equally likely spans there are.</summary>
    internal ulong Choices => this switch
    {
        Constant => 1,
        Between(var min, var max) => ((ulong)(max - min).Ticks / TimeSpan.TicksPerMicrosecond) + 1,
        Recorded(var spans) => (ulong)spans.Length,
        _ => throw new UnreachableException(),
    };

    internal TimeSpan Choice(ulong number) => this switch
    {
        Constant(var span) => span,
        Between(var min, _) => min + TimeSpan.FromMicroseconds((long)number),
        Recorded(var spans) => spans[(int)number],
        _ => throw new UnreachableException(),
    };

    internal TimeSpan Draw(Draws draws) => Choice(draws.Below(Choices));
}
