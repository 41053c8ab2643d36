namespace PolyArb.Simulator.Engine;

/// <summary>Carries out an order that passed every check: what matches, what rests, and who hears of it. Call it with the lock held.</summary>
internal sealed class Execution(Exchange exchange, TradeDesk desk)
{
    public PlaceResult.Accepted Accept(BookOrder order, MatchPlan plan)
    {
        var (market, account) = (exchange.MarketOf(order.Condition), exchange.Ledger.Account(order.Request.Account));
        var top = market.Top(0);
        exchange.Register(order);
        var changes = new List<LevelChange>();
        var trade = plan.Legs.Count > 0 ? Match(market, account, order, plan, changes) : null;
        if (order.Request.Immediate)
        {
            exchange.Close(order, plan.Whole ? OrderStatus.Matched : OrderStatus.Canceled);
        }
        else if (order.Remaining > 0)
        {
            changes.Add(market.Book.Add(order));
            account.Reserve(order);
            if (order.Request.Type is OrderType.Gtd) exchange.Agenda.In(order.Request.Leaves - exchange.Agenda.Now, () => exchange.Cancel(order));
        }
        else
        {
            exchange.Close(order, OrderStatus.Matched);
        }

        exchange.Stamp(market);
        exchange.Prints.Changed(market, order.Token, changes, top != market.Top(0), trade is not null);
        exchange.Users.Together(() => Tell(order, trade));

        // The odd micro of a mint is the maker's, so one whose money is all set aside can lack it for the rest.
        foreach (var maker in plan.Legs.Select(l => l.Maker.Request.Account).Distinct()) exchange.Cover(exchange.Ledger.Account(maker));
        if (exchange.ChecksMoney) exchange.Ledger.AssertConserved();
        return new PlaceResult.Accepted(order, trade);
    }

    private void Tell(BookOrder order, TradeRecord? trade)
    {
        if (!order.Announced && !order.Request.Immediate) exchange.Users.Placed(order, exchange.Agenda.Now);
        if (trade is not null) desk.Announce(trade);
        else if (order.Announced) exchange.Users.Update(order, exchange.Agenda.Now);
        if (order.Status is OrderStatus.Canceled) exchange.Users.Canceled(order, exchange.Agenda.Now);
    }

    /// <summary>Carries a plan out: fills, money, fee, one trade. Each level it touched is reported once, with its final total.</summary>
    private TradeRecord Match(Market market, Account account, BookOrder order, MatchPlan plan, List<LevelChange> changes)
    {
        var trade = desk.Open(order, plan);
        exchange.Ledger.Settle(trade);
        foreach (var leg in plan.Legs)
        {
            var change = market.Book.Fill(leg.Maker, leg.Shares);
            if (changes.Count > 0 && changes[^1].Price == change.Price) changes[^1] = change;
            else changes.Add(change);

            var maker = exchange.Ledger.Account(leg.Maker.Request.Account);
            maker.Reserve(leg.Maker);
            if (leg.Maker.Place is null) exchange.Close(leg.Maker, OrderStatus.Matched);
            if (!maker.House) Note(maker, leg.Maker, trade);
        }

        order.Matched = plan.Shares;
        if (!account.House) Note(account, order, trade);
        market.Print(order.Token, order.Side, plan.LastPrice);
        return trade;
    }

    private static void Note(Account account, BookOrder order, TradeRecord trade)
    {
        order.Trades.Add(trade.Id);
        if (account.Trades.Count == 0 || account.Trades[^1] != trade) account.Trades.Add(trade);
    }
}
