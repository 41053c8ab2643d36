using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>What a reconciler needs of the gateway around it.</summary>
/// <param name="Observe">Takes what the venue knows about our orders.</param>
/// <param name="Suspect">Told of an order that the venue should know and does not.</param>
/// <param name="Announce">The portfolio must be told everything again: dollars or shares are others now.</param>
/// <param name="Trip">Stops trading, for this reason.</param>
/// <param name="Nudge">The market's free shares are others now.</param>
/// <param name="Drift">How far the machine's clock is ahead of ours, which stands still while the machine sleeps.</param>
/// <param name="Fenced">What to do about an exception that says a newer gateway has taken over.</param>
internal sealed record ReconcilerLinks(
    Func<ImmutableArray<OrderEvent>, Task> Observe, Action<OrderId> Suspect, Action Announce, Func<string, Task> Trip, Func<MarketId, Task> Nudge,
    Func<TimeSpan> Drift, Action<Exception> Fenced);

/// <summary>
/// Holds orders, trades, cash and shares against the venue's: before the first order, after every freeze, and again and again. A balance
/// counts as different only when nothing of ours moves and two looks agree; then it is explained and booked, or stops trading.
/// </summary>
/// <param name="takesOver">
/// From a gateway that traded until a moment ago: what there was to find it has found, so the first order waits for the venue's list of orders, and not
/// for balances that come to rest.
/// </param>
internal sealed partial class Reconciler(
    GatewayBooks books, long fence, bool takesOver, IVenue venue, ICatalog catalog, ReconcilerLinks links, RulesInForce rules, TimeProvider time, ILogger logger)
{
    private const string NoList = "shares we did not buy are not seen: venue.data_api_url is off";

    /// <summary>Without a beat so long, the venue may have missed our heartbeat and canceled everything (protocol sheet 7.10: ten seconds, one every five).</summary>
    private static readonly TimeSpan FrozenAfter = TimeSpan.FromSeconds(5);

    /// <summary>The venue keeps balances for a moment after they moved.</summary>
    private static readonly TimeSpan StillFor = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(20);

    private readonly OrderReconciliation _orders = new(books, venue, links.Observe, links.Suspect, links.Trip, time, logger);
    private readonly Dictionary<TokenId, ConditionId> _conditions = []; // Of what was held before us, as far as a list told.
    private Task<ReconcileRound>? _round;
    private Instant? _beat; // By the machine's clock.
    private Instant _stillSince;
    private Instant _due;
    private Instant _comparedAt = time.Now();
    private long _moves = books.Moves;
    private long _calls; // Of those made by hand; below zero, so that none is a settler's.
    private bool _isRead;
    private int _freezes;
    private bool _isOpen;
    private string _silence = "";
    private string _waits = "";
    private string _unseen = "";
    private LedgerDifference _unexplained = LedgerDifference.None;

    /// <summary>No order may go out: the venue has not been read since the start, or since a freeze.</summary>
    public bool MustPause => !_isRead || IsFrozen(Machine());

    /// <summary>Nothing new may be opened: it would move what has not been compared for too long.</summary>
    public bool NeedsQuiet => time.Now() - _comparedAt > rules.Now.Reconciling.AtLeastEvery;

    /// <summary>What nobody can explain, which must be accepted before trading goes on; empty when all is explained.</summary>
    public string Riddle => _unexplained.IsNone ? "" : _unexplained.ToString();

    /// <summary>What is wrong with the comparison, in one line; empty when all is well.</summary>
    public string Trouble => string.Join("; ", new[] { _silence, MustPause || NeedsQuiet ? _waits : "", _unseen, Riddle is { Length: > 0 } riddle ? $"the ledger differs: {riddle}" : "" }.Where(text => text.Length > 0));

    /// <summary>Call every moment, whatever else goes on.</summary>
    public void Beat()
    {
        var (now, machine) = (time.Now(), Machine());
        if (IsFrozen(machine))
        {
            if (_isRead) LogFrozen((machine - _beat!.Value).TotalSeconds);
            (_isRead, _due) = (false, now);
            _freezes++;
        }

        _beat = machine;
        if (books.Moves == _moves && Reconciliation.Moving(books.Blotter, books.Settlements) is null) return;

        (_moves, _stillSince) = (books.Moves, now);
    }

    /// <summary>At a start, until it is true: the opening balance is written and the venue was read once.</summary>
    public async Task<bool> Start()
    {
        if (!books.HasOpening && !await TakeOpening()) return false;

        _isOpen = true;
        if (takesOver)
        {
            var freezes = _freezes;
            _isRead = (await _orders.Read(new ReconcileRound()) is not { } unread || Silent(unread)) && freezes == _freezes;
        }
        else
        {
            await Round();
        }

        return _isRead;
    }

    /// <summary>On a timer, which waits for it.</summary>
    public async Task Tick()
    {
        if (!_isOpen || time.Now() < _due) return;

        try
        {
            await Round();
        }
        catch (FencedException e)
        {
            links.Fenced(e);
        }
    }

    /// <summary>A round now, as soon as nothing moves, and what it came to; with a reason, what stays unexplained is booked as the venue has it.</summary>
    public async Task<ReconcileAnswer> Run(string by, string? accept)
    {
        await books.Record(new Fact.OperatorActed(time.Now(), by, accept is null ? "reconcile" : $"reconcile --accept: {accept}"));
        if (!_isOpen) return new ReconcileAnswer(false, [new ReconcileLine("not compared", "the venue has not answered since the start")]);

        using var patience = new CancellationTokenSource(PatienceMax, time);
        if (_round is { IsCompleted: false } earlier) await earlier; // What it has read already may be older than the question.
        var round = await Round();
        while (!round.IsCompared && !patience.IsCancellationRequested)
        {
            await Task.Delay(AgainAfter / 2, time, CancellationToken.None);
            var found = round.Lines.Where(line => line.What is "order").ToArray(); // Not found a second time.
            round = await Round();
            round.Lines.InsertRange(0, found);
        }

        return accept is not null && !_unexplained.IsNone ? await Accept(round, by, accept) : round.Answer(_unexplained);
    }

    private async Task<ReconcileAnswer> Accept(ReconcileRound round, string by, string reason)
    {
        var taken = _unexplained;
        if (!round.IsCompared || !await books.RecordAt(round.Moves, [new Fact.LedgerAccepted(time.Now(), taken.Cash, taken.Came, taken.Left, by, reason)]))
            return new ReconcileAnswer(false, [.. round.Lines, new ReconcileLine("not accepted", "something has moved meanwhile: ask again")]);

        _unexplained = LedgerDifference.None;
        links.Announce();
        LogAccepted(taken.ToString(), by, reason);
        return new ReconcileAnswer(true, [.. round.Lines.Where(line => line.What != "unexplained"), new ReconcileLine("accepted", taken.ToString())]);
    }

    /// <summary>What was held before us, to the last unit where the venue says so.</summary>
    private async Task<bool> TakeOpening()
    {
        if (await venue.Cash(CancellationToken.None) is not VenueAnswer<Usd>.Ok(var cash)) return Silent("the opening balance: cash could not be read");
        if (await venue.Holdings(CancellationToken.None) is not VenueAnswer<ImmutableArray<HeldToken>?>.Ok(var held)) return Silent("the opening balance: positions could not be read");

        var positions = ImmutableDictionary.CreateBuilder<TokenId, Size>();
        foreach (var token in held ?? [])
        {
            switch (await venue.Shares(token.Token, CancellationToken.None))
            {
                case VenueAnswer<Size>.Ok(var shares):
                    if (shares > Size.Zero) positions[token.Token] = shares;
                    break;
                case VenueAnswer<Size>.Unavailable { Failure: VenueFailure.Rejected }:
                    positions[token.Token] = token.Shares; // The order book no longer knows it: the list's figure is all there is.
                    break;
                case VenueAnswer<Size>.Unavailable(var failure):
                    return Silent($"the opening balance: {failure.Why}");
            }
        }

        Fact opening = new Fact.OpeningBalanceTaken(time.Now(), cash, positions.ToImmutable());
        await books.RecordAt(books.Moves, held is null ? [opening, new Fact.ErrorNoted(time.Now(), "opening balance", NoList)] : [opening]);
        _moves = books.Moves;
        LogOpening(cash, positions.Count);
        return books.HasOpening;
    }

    /// <summary>One at a time: whoever asks meanwhile hears what it comes to.</summary>
    private Task<ReconcileRound> Round() => _round is { IsCompleted: false } running ? running : _round = OneRound();

    private async Task<ReconcileRound> OneRound()
    {
        var (round, freezes) = (new ReconcileRound(), _freezes);
        _due = time.Now() + AgainAfter; // Should it fail.
        var isHeard = await _orders.Read(round) is not { } unread || Silent(unread);
        if (isHeard) await Compare(round);
        var isOfNow = freezes == _freezes; // Else what it read may be from before the last freeze.
        _isRead |= isOfNow && isHeard && (round.IsCompared || round.IsUnderWay);
        if (isHeard && !round.IsSilent) _silence = "";
        _waits = round.Waits;
        _due = time.Now() + (round.IsCompared && isOfNow ? rules.Now.Reconciling.Every : AgainAfter);
        return round;
    }

    private async Task Compare(ReconcileRound round)
    {
        if (Moving() is { } moving)
        {
            round.NotYet(moving, isUnderWay: Reconciliation.Moving(books.Blotter, books.Settlements) is not null);
            return;
        }

        if (await Look(round) is not { } first) return;
        if (first.IsNone)
        {
            await Book(round, first);
            return;
        }

        await Task.Delay(BetweenLooks, time, CancellationToken.None);
        await venue.LookAgain(null, CancellationToken.None);
        foreach (var token in first.Tokens) await venue.LookAgain(token, CancellationToken.None);
        if (await Look(round) is not { } second) return;
        if (second.IsNone || second.IsSame(first)) await Book(round, second);
        else round.NotYet("the venue's figures are moving");
    }

    private string? Moving() => Reconciliation.Moving(books.Blotter, books.Settlements)
        ?? (books.Moves != _moves || time.Now() - _stillSince < StillFor ? "something has just moved" : null);

    /// <summary>The list of positions says where to look; a token's own balance decides. Null when the venue did not answer or something moved.</summary>
    private async Task<LedgerDifference?> Look(ReconcileRound round)
    {
        var moves = round.Moves = books.Moves;
        if (await venue.Cash(CancellationToken.None) is not VenueAnswer<Usd>.Ok(var cash)) return Unheard("cash could not be read");

        var listed = await Listed();
        Dictionary<TokenId, Size> theirs = [];
        IEnumerable<TokenId> known = listed is null ? [] : listed.Keys;
        foreach (var token in books.Ledger.Positions.Select(position => position.Token).Union(known).ToArray())
        {
            var ours = books.Ledger.Shares(token);
            theirs[token] = ours;
            if (listed?.GetValueOrDefault(token) == ours) continue;

            switch (await venue.Shares(token, CancellationToken.None))
            {
                case VenueAnswer<Size>.Ok(var shares):
                    theirs[token] = shares;
                    break;
                case VenueAnswer<Size>.Unavailable { Failure: VenueFailure.Rejected } when listed is not null:
                    theirs[token] = listed.GetValueOrDefault(token); // The order book no longer knows it.
                    break;
                default:
                    return Unheard($"shares of {token} could not be read");
            }
        }

        if (books.Moves == moves && Moving() is null) return LedgerDifference.Between(books.Ledger, cash, theirs);

        round.NotYet("something moved meanwhile");
        return null;

        LedgerDifference? Unheard(string what)
        {
            round.IsSilent = !Silent(what);
            return null;
        }
    }

    /// <summary>Null when there is no list: then only what we know of is looked at, and that is said.</summary>
    private async Task<Dictionary<TokenId, Size>?> Listed()
    {
        switch (await venue.Holdings(CancellationToken.None))
        {
            case VenueAnswer<ImmutableArray<HeldToken>?>.Ok({ } held):
                _unseen = "";
                foreach (var token in held.Where(token => token.Condition != default)) _conditions[token.Token] = token.Condition;
                return held.ToDictionary(token => token.Token, token => token.Shares);
            case VenueAnswer<ImmutableArray<HeldToken>?>.Unavailable(var failure):
                _unseen = $"shares we did not buy are not seen: {failure.Why}";
                return null;
            default:
                _unseen = NoList;
                return null;
        }
    }

    private async Task Book(ReconcileRound round, LedgerDifference found)
    {
        var (markets, pays, problem) = await Markets(found);
        if (problem is not null && !found.Left.IsEmpty)
        {
            round.NotYet($"the catalogue did not answer: {problem}");
            return;
        }

        var now = time.Now();
        var tolerance = new Usd(Math.Max(0, (rules.Now.Reconciling.Tolerance - books.RoundedSince(now + -TimeSpan.FromDays(1))).Micros));
        var explained = Reconciliation.Explain(found, markets, pays, tolerance);
        var facts = Facts(explained, round, now).ToImmutableArray();
        if (facts.Length > 0 && !await books.RecordAt(round.Moves, facts))
        {
            round.Lines.Clear();
            round.NotYet("something moved meanwhile");
            return;
        }

        round.Moves = books.Moves;
        (round.IsCompared, _comparedAt) = (true, time.Now());
        _moves = books.Moves; // Our own facts move nothing at the venue.
        if (facts.Length > 0) await Told(found);
        await Judge(round, explained.Unexplained);
    }

    private async Task Told(LedgerDifference found)
    {
        links.Announce();
        foreach (var market in MarketsOf(found).ToArray()) await links.Nudge(market);
    }

    private async Task Judge(ReconcileRound round, LedgerDifference unexplained)
    {
        var isNew = !unexplained.IsSame(_unexplained);
        _unexplained = unexplained;
        if (unexplained.IsNone) return;

        var what = unexplained.ToString();
        round.Lines.Add(new ReconcileLine("unexplained", what));
        if (isNew)
        {
            LogUnexplained(what);
            await books.Record(new Fact.ErrorNoted(time.Now(), "reconciliation", what));
        }

        if (books.Trading is TradingState.Running) await links.Trip($"the ledger differs: {what}");
    }

    /// <summary>Each part of the explanation as facts, and as lines for whoever asked.</summary>
    private IEnumerable<Fact> Facts(Explanation explained, ReconcileRound round, Instant now)
    {
        foreach (var call in explained.Calls)
        {
            var id = new ReservationId(fence, --_calls);
            round.Lines.Add(new ReconcileLine("settled", $"{call.Kind} of {call.Shares} shares in {call.Market} by hand, for {call.Dollars}"));
            yield return new Fact.SettlementStarted(now, id, call);
            yield return new Fact.SettlementEnded(now, id, call, SettlementEnd.Done, "made by hand");
        }

        if (!explained.Redeemed.IsEmpty)
        {
            round.Lines.Add(new ReconcileLine("redeemed", $"{Shares(explained.Redeemed)} for {explained.Payout}"));
            yield return new Fact.SharesRedeemed(now, explained.Redeemed, explained.Payout);
        }

        if (!explained.Credit.IsNone)
        {
            round.Lines.Add(new ReconcileLine("credited", explained.Credit.ToString()));
            yield return new Fact.ExternalCredited(now, explained.Credit.Cash, explained.Credit.Came, "the venue has more than we account for: a deposit, a rebate, a reward");
        }

        if (explained.Rounding is { IsNone: false } rounding)
        {
            round.Lines.Add(new ReconcileLine("rounding", rounding.ToString()));
            yield return new Fact.RoundingAdjusted(now, -rounding.Cash, "within ledger.tolerance", rounding.Left.IsEmpty ? null : rounding.Left);
        }

        foreach (var line in round.Lines.Where(line => line.What is not "order")) LogFound(line.What, line.Text);
    }

    private async Task<(ImmutableArray<Market> Markets, IReadOnlyDictionary<TokenId, Price> Pays, string? Problem)> Markets(LedgerDifference found)
    {
        if (found.Left.IsEmpty) return ([], ImmutableDictionary<TokenId, Price>.Empty, null);

        var wanted = MarketsOf(found)
            .Concat(found.Left.Keys.Where(token => Position(token)?.Market is null && _conditions.ContainsKey(token)).Select(token => new MarketId(_conditions[token].Text)))
            .Distinct().ToImmutableArray();
        var reading = await catalog.Read(wanted, CancellationToken.None);
        return (
            [.. reading.Markets.Select(listed => listed.Market)],
            reading.Markets.SelectMany(listed => listed.Pays).DistinctBy(paid => paid.Key).ToDictionary(paid => paid.Key, paid => paid.Value),
            reading.Problem);
    }

    private IEnumerable<MarketId> MarketsOf(LedgerDifference found) => found.Tokens.Select(token => Position(token)?.Market).OfType<MarketId>().Distinct();

    private Position? Position(TokenId token) => books.Ledger.Positions.FirstOrDefault(position => position.Token == token);

    private Instant Machine() => time.Now() + links.Drift();

    private bool IsFrozen(Instant now) => _beat is { } last && (now - last > FrozenAfter || last - now > FrozenAfter);

    private bool Silent(string what)
    {
        if (_silence != what) LogSilent(what);
        _silence = what;
        return false;
    }

    private static string Shares(ImmutableDictionary<TokenId, Size> shares) =>
        string.Join(", ", shares.OrderBy(token => token.Key.Text, StringComparer.Ordinal).Select(token => $"{token.Value} of {token.Key}"));

    [LoggerMessage(LogLevel.Information, "Opening balance: cash {Cash}, {Positions} positions; none of it is profit")]
    private partial void LogOpening(Usd cash, int positions);

    [LoggerMessage(LogLevel.Warning, "Nothing ran for {Seconds} s: the venue is read again before anything is sent")]
    private partial void LogFrozen(double seconds);

    [LoggerMessage(LogLevel.Warning, "Reconciliation: {What}")]
    private partial void LogSilent(string what);

    [LoggerMessage(LogLevel.Information, "Reconciliation, {What}: {Text}")]
    private partial void LogFound(string what, string text);

    [LoggerMessage(LogLevel.Error, "Reconciliation cannot explain: {What}")]
    private partial void LogUnexplained(string what);

    [LoggerMessage(LogLevel.Warning, "The venue's figures were accepted ({What}) by {By}: {Reason}")]
    private partial void LogAccepted(string what, string by, string reason);
}
