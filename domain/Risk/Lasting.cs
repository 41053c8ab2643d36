namespace PolyArb.Domain.Risk;

/// <summary>How long something has held without a break.</summary>
internal sealed class Lasting
{
    /// <summary>Null while it does not hold.</summary>
    public Instant? Since { get; set; }

    /// <summary>Null while it does not hold.</summary>
    public TimeSpan? Note(bool holds, Instant now)
    {
        Since = holds ? Since ?? now : null;
        return now - Since;
    }

    public void Forget() => Since = null;
}
