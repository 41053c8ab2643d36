using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// What follows a match: the public print 5 to 25 ms later (protocol 4.3), then MINED after 200 to 800 ms and CONFIRMED after
/// as much again, or RETRYING in between, or FAILED in the end. Trades among house accounts have no private life and are forgotten.
/// </summary>
internal sealed class TradeDesk(Agenda agenda, Ids ids, MarketFeed prints, UserFeed users, Ledger ledger, SeededRandom random)
{
    private readonly List<TradeRecord> _trades = [];
    private long _count;

    public TradeFates Fates { get; } = new(new SeededRandom(random.Next()));

    /// <summary>Told after a failed trade was undone, so that what its parties can no longer cover leaves the books.</summary>
    public required Action<TradeRecord> OnFailed { get; init; }

    /// <summary>The fate that something gone wrong gives a trade; null leaves it to <see cref="Fates"/>.</summary>
    public required Func<TradeRecord, TradeFate?> Spoiled { get; init; }

    /// <summary>Those that somebody outside has a part in.</summary>
    public IReadOnlyList<TradeRecord> Trades => _trades;

    public TradeRecord Open(BookOrder taker, MatchPlan plan)
    {
        var number = ++_count;
        return new TradeRecord(ids.Uuid("trade", number), ids.Hash("transaction", number), taker, plan, agenda.Now);
    }

    /// <summary>Call when the book is settled: tells the parties and schedules the rest.</summary>
    public void Announce(TradeRecord trade)
    {
        Later(5, 25, () => prints.Printed(trade, agenda.Now));
        if (!users.Concerns(trade)) return;

        _trades.Add(trade);
        ledger.Await(trade, waits: true);
        users.Traded(trade);
        users.Updated(trade, agenda.Now);
        var fate = Spoiled(trade) ?? Fates.Draw();
        if (fate is TradeFate.Settles) Later(200, 800, () => Mine(trade));
        else Later(200, 800, () => Retry(trade, fate));
    }

    private void Retry(TradeRecord trade, TradeFate fate)
    {
        Advance(trade, TradeStatus.Retrying);
        if (fate is TradeFate.Fails) Later(200, 800, () => Fail(trade));
        else Later(200, 800, () => Mine(trade));
    }

    private void Mine(TradeRecord trade)
    {
        ledger.Await(trade, waits: false);
        Advance(trade, TradeStatus.Mined);
        Later(200, 800, () => Advance(trade, TradeStatus.Confirmed));
    }

    /// <summary>Money and tokens go back; size_matched of the orders stays, because the books do not reopen (protocol 10.6, "ghost fill").</summary>
    private void Fail(TradeRecord trade)
    {
        ledger.Await(trade, waits: false);
        ledger.Reverse(trade);
        Advance(trade, TradeStatus.Failed);
        OnFailed(trade);
    }

    private void Advance(TradeRecord trade, string status)
    {
        trade.Status = status;
        trade.UpdatedAt = agenda.Now;
        users.Traded(trade);
    }

    private void Later(int lowMs, int highMs, Action action) => agenda.In(random.Between(lowMs, highMs), action);
}
