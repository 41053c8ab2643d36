using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
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
    private (TradingState State, long Epoch)? _told;
    private (TradingState State, long Epoch)? _untold;
    private long _lost;
    private ProofCounts? _proofs;

    /// <summary>The gateway did not answer, or failed.</summary>
    public ImmutableArray<Alert> See(string silence, Instant now) => _gateway.See(
        $"The gateway does not answer ({silence}): what rests at the venue rests on. `polyarb-client kill --direct` needs no silo", now);

    /// <summary>The end of a trouble says where trading stands: that a stream is well again starts nothing.</summary>
    public ImmutableArray<Alert> See(Status status, Instant now)
    {
        ImmutableArray<Alert> alerts =
        [
            .. Unwritten(status, now),
            .. _gateway.See(null, now),
            .. _journal.See(Say(status.Journal, why => $"The journal cannot be written, so nothing is sent ({Word(status)}): {why}. Make room; `polyarb-client status` says when it is written again"), now),
            .. _recovery.See(status.Recovering ? $"Still recovering, so nothing is sent: {(status.Venue.Length > 0 ? status.Venue : "no reason known")}. `polyarb-client doctor` asks the venue" : null, now),
            .. _venue.See(Say(status.Venue, why => $"Venue: {why}. `polyarb-client status`, then `polyarb-client doctor`"), now),
            .. _marketStream.See(IsDown(status.MarketStream) ? $"The market stream is {status.MarketStream}. It connects again by itself, and nothing opens before; `polyarb-client doctor` says who is cut off" : null, now),
            .. _userStream.See(IsDown(status.UserStream) ? $"The user stream is {status.UserStream}. It connects again by itself, and fills are asked for meanwhile; `polyarb-client doctor` says who is cut off" : null, now),
            .. _orders.See(status.UnresolvedOrders > 0 ? $"{status.UnresolvedOrders} orders nobody has answered for; their money is set aside while they are looked up. `polyarb-client orders` names them; send nothing by hand" : null, now),
            .. Losses(status.InputsLost, now),
        ];
        return [.. alerts.Select(alert => alert.IsEnd ? alert with { Text = $"{alert.Text} (trading is {Word(status)})" } : alert)];
    }

    /// <summary>False: the status has told of it before the journal took it, or it was written again.</summary>
    public bool IsNews(Fact.StateChanged moved)
    {
        var isNews = _told != (moved.To, moved.Epoch);
        _told = (moved.To, moved.Epoch);
        return isNews;
    }

    /// <param name="proofs">Of all markets together, since they opened.</param>
    public ImmutableArray<Alert> See(ProofCounts proofs, Instant now)
    {
        var failed = proofs.Failed - (_proofs ?? proofs).Failed; // Below zero when a market began anew.
        _proofs = proofs;
        return failed <= 0
            ? []
            : [new Alert(now, failed >= ManyProofs ? AlertLevel.Warning : AlertLevel.Info, "proofs", $"{failed} books were not what the venue's hash says; they start over, nothing is traded on them. Goes on: `polyarb-client errors`")];
    }

    /// <param name="free">Bytes where the data is.</param>
    public ImmutableArray<Alert> See(long free, Instant now) =>
    [
        .. _disk.See(free < freeMin ? $"Only {Megabytes(free)} MB are free where the data is: `du -sh` there says what grows" : null, now),
        .. _fullDisk.See(free < freeMin / 10 ? $"The disk is nearly full, {Megabytes(free)} MB are free: trading stops when the journal cannot be written" : null, now),
    ];

    /// <summary>
    /// Who moved the state and why is told by its fact. Where none has come between two looks the journal did not take it, or cannot be read,
    /// and a stop must not wait for that.
    /// </summary>
    private ImmutableArray<Alert> Unwritten(Status status, Instant now)
    {
        var state = (status.State, status.Epoch);
        _told ??= state; // The first look is no change.
        var hasLasted = _untold == state;
        _untold = _told == state ? null : state;
        if (_untold is null || !hasLasted) return [];

        _told = state;
        return [new Alert(now, FactAlerts.LevelOf(status.State, FactAlerts.Itself), null, $"{Word(status)}: {status.Reason} (not in the journal yet)")];
    }

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
