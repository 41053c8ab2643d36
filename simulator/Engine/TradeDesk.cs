using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// What follows a match: the public print 5 to 25 ms later (protocol 4.3), then MINED after 200 to 800 ms and CONFIRMED after
/// as much again. Trades among house accounts have no private life and are forgotten.
/// </summary>
internal sealed class TradeDesk(Agenda agenda, Ids ids, MarketFeed prints, UserFeed users, SeededRandom random)
{
    private readonly List<TradeRecord> _trades = [];
    private long _count;

    public IEnumerable<TradeRecord> TradesOf(string owner) =>
        _trades.Where(t => t.Taker.Owner == owner || t.Legs.Any(l => l.Maker.Owner == owner));

    public TradeRecord Open(BookOrder taker, MatchPlan plan)
    {
        var number = ++_count;
        return new TradeRecord(ids.Uuid("trade", number), ids.Hash("transaction", number), taker, plan, agenda.Now);
    }

    /// <summary>Call when the book is settled: tells the parties and schedules the rest.</summary>
    public void Announce(TradeRecord trade)
    {
        agenda.In(random.Between(5, 25), () => prints.Printed(trade, agenda.Now));
        if (!users.Concerns(trade)) return;

        _trades.Add(trade);
        users.Traded(trade);
        users.Updated(trade, agenda.Now);
        agenda.In(random.Between(200, 800), () =>
        {
            Advance(trade, "MINED");
            agenda.In(random.Between(200, 800), () => Advance(trade, "CONFIRMED"));
        });
    }

    private void Advance(TradeRecord trade, string status)
    {
        trade.Status = status;
        trade.UpdatedAt = agenda.Now;
        users.Traded(trade);
    }
}
