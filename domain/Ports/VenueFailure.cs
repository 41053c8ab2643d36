using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Ports;

/// <summary>Why a call to the venue brought nothing: a closed list, each case with one line for a person, never with markup.</summary>
public abstract record VenueFailure
{
    private static readonly TimeSpan UntilSomebodyLooks = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan UntilItIsBack = TimeSpan.FromSeconds(5);

    private VenueFailure(string why) => Why = why;

    public string Why { get; init; }

    /// <summary>How long orders are better kept back after it; null when the venue takes them, as far as this tells.</summary>
    public TimeSpan? Rest => this switch
    {
        RetryAfter(var wait, _) => wait,
        Unauthorized or Blocked => UntilSomebodyLooks,
        Down => UntilItIsBack,
        _ => null,
    };

    public sealed override string ToString() => Why;

    /// <summary>The venue said no to this call.</summary>
    public sealed record Rejected(RejectCode Code, string Why) : VenueFailure(Why);

    /// <summary>Nobody knows whether it was carried out: silence, a 5xx, an answer that cannot be read.</summary>
    public sealed record Unanswered(string Why) : VenueFailure(Why);

    /// <summary>The venue wants to be left alone for a while: a limit, a restart, a mode in which it takes no orders.</summary>
    public sealed record RetryAfter(TimeSpan Wait, string Why) : VenueFailure(Why);

    /// <summary>The API key, its secret or our clock is wrong: the same call will fail again.</summary>
    public sealed record Unauthorized(string Why) : VenueFailure(Why);

    /// <summary>Not the venue's API that answers: a region block, a bot filter, a captive portal, a wrong address.</summary>
    public sealed record Blocked(string Why) : VenueFailure(Why);

    /// <summary>No connection could be made, so nothing was sent.</summary>
    public sealed record Down(string Why) : VenueFailure(Why);
}
