using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>What a settler needs of the gateway around it.</summary>
/// <param name="MaySettle">False from the moment a stop is in force.</param>
/// <param name="SetAside">Asks the portfolio for the shares.</param>
/// <param name="Announce">The portfolio must be told everything again: shares or money have moved.</param>
/// <param name="Nudge">The market's free shares are others now.</param>
internal sealed record SettlerLinks(
    Func<bool> MaySettle, Func<HeldReservation, Task<bool>> SetAside, Action Announce, Func<MarketId, Task> Nudge);

/// <summary>
/// Merges and converts shares that no open basket needs, one call at a time: set aside, durable, called, durable again. A call whose
/// answer was lost, or that a restart left behind, is looked for in the venue's balances and never made again blindly.
/// </summary>
internal sealed partial class Settler(
    GatewayBooks books, long fence, ISettlement settlement, IVenue venue, ICatalog catalog, InFlight inFlight, SettlerLinks links, RulesInForce rules,
    TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestAfterRefusal = TimeSpan.FromSeconds(60);

    /// <summary>How long a call nobody answered may still be carried out.</summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _fresh = settlement.Acts ? TimeSpan.FromSeconds(60) : TimeSpan.FromMinutes(10); // A reader may look at an older market.
    private readonly Dictionary<MarketId, (Market? Market, Instant ReadAt)> _markets = [];
    private readonly Dictionary<MarketId, Instant> _restUntil = [];
    private Instant _nextRead;
    private Instant _nextAsk;
    private HeldReservation? _asked; // Set aside or about to be, and not yet in the journal.
    private long _lastNumber;
    private ReservationId? _complained;

    /// <summary>What an announcement must hold beside what the journal knows.</summary>
    public IEnumerable<HeldReservation> Unwritten => _asked is { } held ? [held] : [];

    /// <summary>A call is under way, or the next tick makes one.</summary>
    public bool IsBusy => _asked is not null || books.Settlements.Open.Count > 0
        || (settlement.Acts && links.MaySettle() && (Held.Any(market => !_markets.ContainsKey(market)) || Next() is not null));

    /// <summary>Everything that could be merged or converted now, however little, in the markets whose make-up is known.</summary>
    public ImmutableArray<SettlementCall> Calls =>
        [.. _markets.OrderBy(market => market.Key.Text, StringComparer.Ordinal).SelectMany(market => CallsIn(market.Value.Market))];

    public string Describe(SettlementCall call) => settlement.Describe(call);

    /// <summary>How many conditions a market has, where the operator vouches that one of them ends YES and the catalogue does not contradict.</summary>
    public int? Exhaustive(MarketId market) =>
        _markets.GetValueOrDefault(market).Market is { } known ? rules.Now.Edge.Exhaustive(known) : null;

    /// <summary>On a timer, which waits for it: no two at a time.</summary>
    public async Task Tick()
    {
        await ReadMarkets();
        if (books.Settlements.Open.FirstOrDefault() is { } open) await LookFor(open);
        else if (links.MaySettle() && Next() is { } call) await Settle(call);
    }

    private IEnumerable<MarketId> Held => books.Ledger.Positions.Select(position => position.Market).OfType<MarketId>().Distinct();

    private SettlementCall? Next() => !settlement.Acts
        ? null
        : Calls.FirstOrDefault(call => call.Shares >= rules.Now.SettleMin && time.Now() >= _restUntil.GetValueOrDefault(call.Market));

    private ImmutableArray<SettlementCall> CallsIn(Market? market) => market is null
        ? []
        : SettlementCall.Of(market, books.StocksOf(market.Id).ToDictionary(stock => stock.Token, stock => stock.Shares));

    private async Task ReadMarkets()
    {
        var now = time.Now();
        var due = Held.Where(market => !_markets.TryGetValue(market, out var known) || now - known.ReadAt > _fresh).ToImmutableArray();
        if (due.IsEmpty || now < _nextRead) return;

        _nextRead = now + AskEvery;
        var reading = await catalog.Read(due, CancellationToken.None);
        foreach (var listed in reading.Markets) _markets[listed.Market.Id] = (listed.Market, now);
        if (reading.Problem is not null) return;
        foreach (var market in due.Except(reading.Markets.Select(listed => listed.Market.Id))) _markets[market] = (null, now);
    }

    private async Task Settle(SettlementCall call)
    {
        var held = new HeldReservation(new ReservationId(fence, ++_lastNumber), call.Market, Usd.Zero, call.SharesGiven);
        var isStarted = false;
        _asked = held; // Before the portfolio is asked: an announcement that overtakes its answer must not forget the shares.
        try
        {
            if (!await links.SetAside(held)) return;

            await books.Record(new Fact.SettlementStarted(time.Now(), held.Id, call));
            isStarted = true;
        }
        finally
        {
            _asked = null;
            if (!isStarted) links.Announce(); // Whatever was set aside is free again.
        }

        // One synchronous segment: either a stop came before, and nothing is called, or it waits for the answer.
        var answering = links.MaySettle() ? settlement.Settle(call, CancellationToken.None) : Task.FromResult<SettlementAnswer>(new SettlementAnswer.Refused("stopped"));
        inFlight.Track(answering);
        switch (await answering)
        {
            case SettlementAnswer.Done:
                await End(held.Id, call, SettlementEnd.Done, "");
                break;
            case SettlementAnswer.Refused(var why):
                await End(held.Id, call, SettlementEnd.Refused, why);
                break;
            case SettlementAnswer.Unknown(var why):
                await Complain(held.Id, call, $"nobody knows whether it was carried out: {why}");
                break;
        }
    }

    /// <summary>Gone from the venue's balances is done; still there, long after, is not. Anything else keeps the shares aside and calls a person.</summary>
    private async Task LookFor(Fact.SettlementStarted open)
    {
        if (time.Now() < _nextAsk || IsMoving(open.Call)) return;

        _nextAsk = time.Now() + AskEvery;
        var before = Ours(open.Call);
        List<Size> theirs = [];
        foreach (var given in open.Call.Gives)
        {
            if (await venue.Shares(given.Token, CancellationToken.None) is not VenueAnswer<Size>.Ok(var shares)) return;
            theirs.Add(shares);
        }

        var ours = Ours(open.Call);
        if (IsMoving(open.Call) || !ours.SequenceEqual(before)) return; // Trades of the same tokens: ask again.

        if (theirs.SequenceEqual(ours.Select(shares => shares - open.Call.Shares)))
            await End(open.Id, open.Call, SettlementEnd.Done, "the shares are gone from the venue's balances");
        else if (!theirs.SequenceEqual(ours))
            await Complain(open.Id, open.Call, $"the venue shows {string.Join(' ', theirs)} shares where we have {string.Join(' ', ours)}");
        else if (time.Now() - open.At > LateAfter)
            await End(open.Id, open.Call, SettlementEnd.Refused, "the shares are still in the venue's balances");
    }

    private Size[] Ours(SettlementCall call) => [.. call.Gives.Select(given => books.Ledger.Shares(given.Token))];

    private bool IsMoving(SettlementCall call) =>
        books.Blotter.Unfinished.Any(order => call.Gives.Any(given => given.Token == order.Intent.Order.Token));

    private async Task End(ReservationId id, SettlementCall call, SettlementEnd end, string why)
    {
        if (end is SettlementEnd.Refused) _restUntil[call.Market] = time.Now() + RestAfterRefusal;
        await books.Record(new Fact.SettlementEnded(time.Now(), id, call, end, why));
        links.Announce();
        if (end is SettlementEnd.Done) LogDone(call.Kind, call.Shares, call.Market, call.Dollars);
        else LogRefused(call.Kind, call.Shares, call.Market, why);
        await links.Nudge(call.Market);
    }

    /// <summary>Once a call and life; its shares stay aside.</summary>
    private async Task Complain(ReservationId id, SettlementCall call, string what)
    {
        if (_complained == id) return;

        LogUnknown(call.Kind, call.Shares, call.Market, what);
        await books.Record(new Fact.ErrorNoted(time.Now(), $"settlement {id}", $"{settlement.Describe(call)}: {what}"));
        _complained = id;
    }

    [LoggerMessage(LogLevel.Information, "{Kind} of {Shares} shares in {Market} brought {Dollars}")]
    private partial void LogDone(SettlementKind kind, Size shares, MarketId market, Usd dollars);

    [LoggerMessage(LogLevel.Warning, "{Kind} of {Shares} shares in {Market} was not carried out: {Why}")]
    private partial void LogRefused(SettlementKind kind, Size shares, MarketId market, string why);

    [LoggerMessage(LogLevel.Error, "{Kind} of {Shares} shares in {Market}: {What}. The shares stay aside")]
    private partial void LogUnknown(SettlementKind kind, Size shares, MarketId market, string what);
}
