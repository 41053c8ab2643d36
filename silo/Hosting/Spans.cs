namespace PolyArb.Silo.Hosting;

internal static class Spans
{
    public static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
