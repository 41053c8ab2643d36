namespace PolyArb.Domain.Ports;

/// <summary>What a question to the venue came to. Errors of the world are values.</summary>
public abstract record VenueAnswer<T>
{
    private VenueAnswer()
    {
    }

    public sealed record Ok(T Value) : VenueAnswer<T>;

    /// <summary>No usable answer; says where and why.</summary>
    public sealed record Unavailable(VenueFailure Failure) : VenueAnswer<T>
    {
        public string Why => Failure.Why;
    }

    /// <summary>The value, or null with the reason.</summary>
    public T? ValueOr(out string? why)
    {
        why = this is Unavailable unavailable ? unavailable.Why : null;
        return this is Ok ok ? ok.Value : default;
    }

    /// <summary>Something made of the value, or the same failure.</summary>
    public VenueAnswer<TOther> Map<TOther>(Func<T, TOther> make) => this switch
    {
        Ok(var value) => new VenueAnswer<TOther>.Ok(make(value)),
        Unavailable(var failure) => new VenueAnswer<TOther>.Unavailable(failure),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
