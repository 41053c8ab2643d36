namespace PolyArb.Domain.Risk;

/// <summary>How long something has held without a break.</summary>
internal sealed class Lasting
{
    private Instant? _since;

    /// <summary>Null while it does not hold.</summary>
    public TimeSpan? Note(bool holds, Instant now)
    {
        _since = holds ? _since ?? now : null;
        return now - _since;
    }

    public void Forget() => _since = null;
}
