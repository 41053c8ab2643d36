namespace PolyArb.Domain;

/// <summary>A moment as microseconds of Unix time, UTC. An integer, so that a recorded moment is the moment.</summary>
public readonly record struct Instant(long Micros) : IComparable<Instant>
{
    public long Millis => Micros / 1_000;

    public static Instant FromMillis(long millis) => new(millis * 1_000);

    public static Instant From(DateTimeOffset time) => new((time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.UnixEpoch.AddTicks(Micros * TimeSpan.TicksPerMicrosecond);

    public int CompareTo(Instant other) => Micros.CompareTo(other.Micros);

    public override string ToString() => ToDateTimeOffset().ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    public static Instant operator +(Instant instant, TimeSpan span) => new(instant.Micros + span.Ticks / TimeSpan.TicksPerMicrosecond);

    public static TimeSpan operator -(Instant left, Instant right) => new((left.Micros - right.Micros) * TimeSpan.TicksPerMicrosecond);

    public static bool operator <(Instant left, Instant right) => left.Micros < right.Micros;

    public static bool operator >(Instant left, Instant right) => left.Micros > right.Micros;

    public static bool operator <=(Instant left, Instant right) => left.Micros <= right.Micros;

    public static bool operator >=(Instant left, Instant right) => left.Micros >= right.Micros;
}
