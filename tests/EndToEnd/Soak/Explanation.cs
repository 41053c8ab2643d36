using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>
/// What a silo may complain of while the exchange does everything wrong, and what explains it. A complaint that fits none of these, or fits one whose
/// faults are too long ago, is unexplained.
/// </summary>
/// <param name="Faults">One of these took hold, or ended, at most <paramref name="Within"/> before; none: it is the scenario's own doing.</param>
internal sealed record Explanation(string What, Regex Fits, ImmutableArray<string> Faults, TimeSpan Within)
{
    /// <summary>Not the exchange's: for half a minute around it somebody waited for a processor a fifth of the time.</summary>
    public const string BusyMachine = "busy-machine";

    /// <summary>A restart is followed by two minutes of post-only.</summary>
    private const int PostOnlySeconds = 150;

    /// <summary>An order nobody answered for is looked up for a minute, and then in rounds, between which everything may have to stand still.</summary>
    private const int AbsentSeconds = 400;

    /// <summary>Asked from the top.</summary>
    public static readonly ImmutableArray<Explanation> Known =
    [
        Of("a socket was cut off", @"^WRN Socket \S+ is down: The remote party closed", 15, "socket-close"),
        Of("a socket was cut off while it was said hello to", @"^WRN Socket \S+ is down: no connection", 15, "socket-close"),
        Of("too many requests", @"^WRN No orders for [\d.]+ s: (HTTP 429: )?Too Many Requests", 10, "rate-limit-429"),
        Of("post-only", @"^WRN No orders for [\d.]+ s: (HTTP 503: )?post-only mode", PostOnlySeconds, "post-only-window", "restart-425"),
        Of("the engine restarts", @"^WRN No orders for [\d.]+ s: .*the matching engine is restarting", 20, "restart-425"),
        Of("no answer to an order", @"^WRN No orders for [\d.]+ s: .*(could not insert order|Connection reset by peer|response ended prematurely)", 15, "error-after-accept", "lost-answer"),
        Of("an order of unknown outcome, taken", @"^errors: order 0x\w+: Unanswered: HTTP 500: could not insert order", 15, "error-after-accept"),
        Of("an order of unknown outcome, its answer lost", @"^errors: order 0x\w+: Unanswered: .*(Connection reset by peer|response ended prematurely)", 15, "lost-answer"),
        Of("an order of unknown outcome, in a restart", @"^errors: order 0x\w+: Unanswered: HTTP 425: the matching engine is restarting", 20, "restart-425"),
        Of("an order that was asked for while it was on its way", @"^errors: order 0x\w+: Unanswered: the venue does not know it", 15, "socket-close"),
        Of("an order that the venue does not know yet", @"^errors: order 0x\w+: Unanswered: the venue does not know it", AbsentSeconds, "restart-425"),
        Of("an order that never arrived", "^WRN The venue never had order 0x", AbsentSeconds, "restart-425"),
        Of("a condition that stood still", "^WRN \\S+ of \\S+ is frozen on", 60, "token-freeze", "ws-freeze", "stale-rest-book"),
        Of("a turn or a thread that waited for a processor", @"^WRN (Task .* took elapsed time|\.NET Thread Pool execution stalled|Self-monitoring determined)", 30, BusyMachine),
        Of("a grain that answered late", @"^WRN \S+ did not show its books for a snapshot: The operation has timed out", 30, BusyMachine),
        Of("more inputs than there was time for", @"^(WRN Trading is Paused now, by silo: overload|PAUSED: overload)", 30, BusyMachine),
        Of("nothing ran for a while", @"^WRN Nothing ran for", 60, BusyMachine),
        Of("what the operator did", @"^WRN Trading is (Paused|Running) now, by (silo: the silo is shutting down|[^:]+@)", 0),
        Of("a market that earned too little of late", @"^ERR \S+ is switched off: its last \d+ baskets earned", 0),
        Of("a leg that a rival took, or that could not be sent", "^(WRN Basket on \\S+ is held as it is|errors: basket \\S+: held as it is)", 0),
    ];

    public static Explanation? For(Complaint complaint, SoakFaults faults) => Known.FirstOrDefault(
        known => known.Fits.IsMatch(complaint.Text) && (known.Faults.IsEmpty || faults.HasAny(known.Faults, complaint.At, known.Within)));

    private static Explanation Of(string what, string pattern, int seconds, params ImmutableArray<string> faults) =>
        new(what, new Regex(pattern, RegexOptions.CultureInvariant), faults, TimeSpan.FromSeconds(seconds));
}
