using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>Which rows of a list are told, the oldest first.</summary>
/// <param name="Last">The newest so many; null for all.</param>
/// <param name="Market">Of this market alone; null for all.</param>
/// <param name="IsOpen">Those alone that are not over.</param>
internal sealed record Wanted(int? Last, MarketId? Market = null, bool IsOpen = false)
{
    public T[] Of<T>(IEnumerable<T> rows)
    {
        T[] all = [.. rows];
        return Last < all.Length ? all[^Last.Value..] : all;
    }

    public bool Has(MarketId market) => Market is null || Market == market;
}

/// <summary>Orders, fills, positions and baskets, as the gateway knows them.</summary>
internal static class ReadCommands
{
    public static async Task<int> Orders(SiloConnection silo, Output output, Wanted wanted)
    {
        var found = wanted.IsOpen ? await silo.Control.OpenOrders() : await silo.Control.AllOrders();
        var orders = wanted.Of(found.Where(order => wanted.Has(order.Market)));
        if (output.IsJson)
        {
            output.Document(orders.Select(order => new
            {
                id = order.Id,
                basket = order.Basket,
                market = order.Market,
                condition = order.Condition,
                token = order.Token,
                side = Output.Word(order.Side),
                type = Output.Word(order.Type),
                price = order.Price,
                size = order.Size,
                matched = order.Matched,
                status = Output.Word(order.Status),
                createdAt = order.CreatedAt.Millis,
                note = order.Note,
            }));
            return ExitCode.Ok;
        }

        output.Table(
            ["created", "order", "basket", "token", "side", "type", "price", "size", "matched", "status"],
            orders.Select(order => new[]
            {
                Output.Time(order.CreatedAt), Output.Brief(order.Id.Text), order.Basket.Text, Output.Brief(order.Token.Text), Output.Word(order.Side),
                Output.Word(order.Type), order.Price.ToString(), order.Size.ToString(), order.Matched.ToString(), $"{Output.Word(order.Status)} {order.Note}",
            }));
        return ExitCode.Ok;
    }

    public static async Task<int> Fills(SiloConnection silo, Output output, Wanted wanted)
    {
        var fills = wanted.Of(await silo.Control.AllFills());
        if (output.IsJson)
        {
            output.Document(fills.Select(fill => new
            {
                tradeId = fill.TradeId,
                orderId = fill.OrderId,
                token = fill.Token,
                side = Output.Word(fill.Side),
                price = fill.Price,
                size = fill.Size,
                fee = fill.Fee,
                status = Output.Word(fill.Status),
                time = fill.Time.Millis,
            }));
            return ExitCode.Ok;
        }

        output.Table(
            ["time", "trade", "order", "token", "side", "price", "size", "fee", "status"],
            fills.Select(fill => new[]
            {
                Output.Time(fill.Time), Output.Brief(fill.TradeId.Text), Output.Brief(fill.OrderId.Text), Output.Brief(fill.Token.Text), Output.Word(fill.Side),
                fill.Price.ToString(), fill.Size.ToString(), fill.Fee.ToString(), Output.Word(fill.Status),
            }));
        return ExitCode.Ok;
    }

    public static async Task<int> Positions(SiloConnection silo, Output output)
    {
        var held = await silo.Control.Positions();
        if (output.IsJson)
        {
            output.Document(new
            {
                cash = held.Cash,
                positions = held.Positions.Select(position => new
                {
                    market = position.Market,
                    condition = position.Condition,
                    token = position.Token,
                    outcome = position.Outcome is { } outcome ? Output.Word(outcome) : null,
                    qty = position.Qty,
                    avgPrice = position.AvgPrice,
                }),
                baskets = (await silo.Control.AllBaskets()).Select(Describe),
                mergeable = held.Mergeable.Select(merge => new
                {
                    market = merge.Market,
                    condition = merge.Condition,
                    shares = merge.Shares,
                    dollars = merge.Dollars,
                    call = merge.Call,
                }),
                convertible = held.Convertible.Select(convert => new
                {
                    market = convert.Market,
                    questions = convert.Questions,
                    shares = convert.Shares,
                    dollars = convert.Dollars,
                    gets = convert.Gets,
                    call = convert.Call,
                }),
            });
            return ExitCode.Ok;
        }

        output.Line($"cash {held.Cash}");
        output.Table(
            ["market", "token", "outcome", "qty", "average price"],
            held.Positions.Select(position => new[]
            {
                Output.Brief(position.Market?.Text ?? "-"), Output.Brief(position.Token.Text), position.Outcome is { } outcome ? Output.Word(outcome) : "-",
                position.Qty.ToString(), position.AvgPrice.ToString(),
            }));
        foreach (var merge in held.Mergeable) output.Line($"{merge.Shares} pairs merge to {merge.Dollars}: {merge.Call}");
        foreach (var convert in held.Convertible)
        {
            var others = convert.Gets.IsEmpty ? "" : $" and {convert.Shares} YES of {convert.Gets.Length} others";
            output.Line($"{convert.Shares} NO of {convert.Questions.Length} questions convert to {convert.Dollars}{others}: {convert.Call}");
        }

        return ExitCode.Ok;
    }

    public static async Task<int> Baskets(SiloConnection silo, Output output, Wanted wanted)
    {
        var found = wanted.IsOpen ? await silo.Control.OpenBaskets() : await silo.Control.AllBaskets();
        var baskets = wanted.Of(found.Where(basket => wanted.Has(basket.Market)));
        if (output.IsJson)
        {
            output.Document(baskets.Select(Describe));
            return ExitCode.Ok;
        }

        output.Table(
            ["basket", "market", "kind", "side", "qty", "locked", "spent", "state", "edge: payout - best - fees - slippage - buffer - capital"],
            baskets.Select(basket => new[]
            {
                basket.Id.Text, Output.Brief(basket.Market.Text), Output.Word(basket.Kind), Output.Word(basket.Side), basket.Qty.ToString(),
                basket.Locked.ToString(), basket.Spent.ToString(), basket.State.ToUpperInvariant(), Explain(basket.Edge),
            }));
        return ExitCode.Ok;
    }

    /// <summary>A sale gives the payout up for the best prices.</summary>
    private static string Explain(EdgeTerms edge)
    {
        var (gets, gives) = edge.Side is Side.Buy ? (edge.Payout, edge.Best) : (edge.Best, edge.Payout);
        return $"{edge.Executable} = {gets} - {gives} - {edge.Fees} - {edge.Slippage} - {edge.Buffer} - {edge.Capital}";
    }

    private static object Describe(BasketView basket) => new
    {
        id = basket.Id,
        market = basket.Market,
        kind = Output.Word(basket.Kind),
        side = Output.Word(basket.Side),
        style = Output.Word(basket.Style),
        qty = basket.Qty,
        locked = basket.Locked,
        spent = basket.Spent,
        state = basket.State.ToUpperInvariant(),
        expected = basket.Expected,
        earned = basket.Earned,
        edge = new
        {
            payout = basket.Edge.Payout,
            best = basket.Edge.Best,
            fees = basket.Edge.Fees,
            slippage = basket.Edge.Slippage,
            buffer = basket.Edge.Buffer,
            capital = basket.Edge.Capital,
            executable = basket.Edge.Executable,
        },
    };
}
