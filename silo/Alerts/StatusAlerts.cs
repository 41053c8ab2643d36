using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Alerts;

/// <summary>What in a row of looks at the silo is worth an alert. No clock of its own.</summary>
/// <param name="freeMin">Bytes that should be free where the data is.</param>
internal sealed class StatusAlerts(long freeMin)
{
    /// <summary>So many failed proofs between two looks are no accident.</summary>
    private const long ManyProofs = 10;

    private static readonly TimeSpan AtOnce = TimeSpan.Zero;
    private static readonly TimeSpan AWhile = TimeSpan.FromSeconds(30);

    private readonly Trouble _gateway = new("gateway", AlertLevel.Critical, AWhile);
    private readonly Trouble _journal = new("journal", AlertLevel.Critical, AtOnce);
    private readonly Trouble _recovery = new("recovery", AlertLevel.Warning, TimeSpan.FromMinutes(2));
    private readonly Trouble _venue = new("venue", AlertLevel.Warning, AWhile);
    private readonly Trouble _marketStream = new("market stream", AlertLevel.Warning, AWhile);
    private readonly Trouble _userStream = new("user stream", AlertLevel.Warning, AWhile);
    private readonly Trouble _orders = new("unresolved orders", AlertLevel.Warning, AWhile);
    private readonly Trouble _disk = new("disk", AlertLevel.Warning, AtOnce);
    private readonly Trouble _fullDisk = new("full disk", AlertLevel.Critical, AtOnce);
    private long _lost;
    private ProofCounts? _proofs;

    /// <param name="status">Null: the gateway did not answer in time.</param>
    public ImmutableArray<Alert> See(Status? status, Instant now) => status is null
        ? _gateway.See("The gateway does not answer: what rests at the venue rests on. `polyarb-client kill --direct` needs no silo", now)
        :
        [
            .. _gateway.See(null, now),
            .. _journal.See(Say(status.Journal, why => $"The journal cannot be written, so nothing is sent ({Word(status)}): {why}"), now),
            .. _recovery.See(status.Recovering ? $"Still recovering, so nothing is sent: {status.Venue}" : null, now),
            .. _venue.See(Say(status.Venue, why => $"Venue: {why}"), now),
            .. _marketStream.See(IsDown(status.MarketStream) ? $"The market stream is {status.MarketStream}" : null, now),
            .. _userStream.See(IsDown(status.UserStream) ? $"The user stream is {status.UserStream}" : null, now),
            .. _orders.See(status.UnresolvedOrders > 0 ? $"{status.UnresolvedOrders} orders nobody has answered for; their money is set aside" : null, now),
            .. Losses(status.InputsLost, now),
        ];

    /// <param name="proofs">Of all markets together, since they opened.</param>
    public ImmutableArray<Alert> See(ProofCounts proofs, Instant now)
    {
        var failed = proofs.Failed - (_proofs ?? proofs).Failed; // Below zero when a market began anew.
        _proofs = proofs;
        return failed <= 0
            ? []
            : [new Alert(now, failed >= ManyProofs ? AlertLevel.Warning : AlertLevel.Info, "proofs", $"{failed} books were not what the venue's hash says; they start over, nothing is traded on them")];
    }

    /// <param name="free">Bytes where the data is; null: not known.</param>
    public ImmutableArray<Alert> See(long? free, Instant now) =>
    [
        .. _disk.See(free < freeMin ? $"Only {Megabytes(free.Value)} MB are free where the data is" : null, now),
        .. _fullDisk.See(free < freeMin / 10 ? $"The disk is nearly full, {Megabytes(free.Value)} MB are free: trading stops when the journal cannot be written" : null, now),
    ];

    private ImmutableArray<Alert> Losses(long lost, Instant now)
    {
        var more = lost - _lost;
        _lost = lost;
        return more > 0 ? [new Alert(now, AlertLevel.Warning, "recorder", $"The recorder could not keep {more} inputs: a replay misses them")] : [];
    }

    private static string? Say(string why, Func<string, string> sentence) => why.Length > 0 ? sentence(why) : null;

    /// <summary>As the gateway writes a stream's health: its state first.</summary>
    private static bool IsDown(string stream) =>
        stream.StartsWith(nameof(StreamState.Down), StringComparison.Ordinal) || stream.StartsWith(nameof(StreamState.Connecting), StringComparison.Ordinal);

    private static string Word(Status status) => status.State.ToString().ToUpperInvariant();

    private static string Megabytes(long bytes) => (bytes / 1_000_000).ToString(CultureInfo.InvariantCulture);
}
