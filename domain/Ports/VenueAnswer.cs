namespace PolyArb.Domain.Ports;

/// <summary>What a question to the venue came to. Errors of the world are values.</summary>
public abstract record VenueAnswer<T>
{
    private VenueAnswer()
    {
    }

    public sealed record Ok(T Value) : VenueAnswer<T>;

    /// <summary>No usable answer. One line that says where and why; ask again later.</summary>
    public sealed record Unavailable(string Why) : VenueAnswer<T>;

    /// <summary>The value, or null with the reason.</summary>
    public T? ValueOr(out string? why)
    {
        why = this is Unavailable unavailable ? unavailable.Why : null;
        return this is Ok ok ? ok.Value : default;
    }
}
