namespace PolyArb.Simulator.Api.Gamma;

/// <summary>A pair of filters, "..._min" and "..._max", both included.</summary>
internal readonly record struct Between(long Min, long Max)
{
    public bool Has(long value) => value >= Min && value <= Max;

    public static bool TryMicros(IQueryCollection query, string name, out Between between)
    {
        var valid = query.TryMicros(name + "_min", long.MinValue, out var min) & query.TryMicros(name + "_max", long.MaxValue, out var max);
        between = new Between(min, max);
        return valid;
    }

    public static bool TryTimes(IQueryCollection query, string name, out Between between)
    {
        var valid = query.TryTime(name + "_min", long.MinValue, out var min) & query.TryTime(name + "_max", long.MaxValue, out var max);
        between = new Between(min, max);
        return valid;
    }
}
