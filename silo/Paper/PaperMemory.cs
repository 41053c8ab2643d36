using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Silo.Paper;

/// <summary>
/// What an earlier process of the same dry run owed: the journal knows. Trades under way then are confirmed now, orders that were
/// never answered never matched, and what rested is canceled, for nobody watched the book meanwhile.
/// </summary>
internal sealed record PaperMemory(Usd? Cash, ImmutableArray<(TokenId Token, Size Shares)> Shares, ImmutableArray<VenueOrder> Orders, ImmutableArray<Fill> Fills)
{
    public static async Task<PaperMemory> Read(IJournal journal, CancellationToken cancellation)
    {
        var (blotter, ledger, settlements, isOpened) = (new Blotter(), new Ledger(), new Settlements(), false);
        await foreach (var fact in journal.ReadAll(cancellation))
        {
            isOpened |= fact is Fact.OpeningBalanceTaken;
            ledger.Apply(fact);
            if (settlements.Apply(fact) is { } call) ledger.Apply(call);
            if (blotter.Apply(fact)?.Settlement is { } settlement) ledger.Apply(settlement);
        }

        var cash = ledger.Cash;
        var shares = ledger.Positions.ToDictionary(position => position.Token, position => position.Shares);
        var fills = ImmutableArray.CreateBuilder<Fill>();
        foreach (var order in blotter.Orders)
        {
            fills.AddRange(order.Fills.Values.Where(fill => fill.Status is not (TradeStatus.Failed or TradeStatus.Confirmed))
                .Select(fill => fill with { Status = TradeStatus.Confirmed }));
            if (Untold(order) is not { } rest) continue;

            var buys = order.Intent.Order.Side is Side.Buy;
            var token = order.Intent.Order.Token;
            cash += buys ? -rest.Amount : rest.Amount;
            shares[token] = shares.GetValueOrDefault(token) + (buys ? rest.Shares : new Size(-rest.Shares.Micros));
            fills.Add(rest);
        }

        return new PaperMemory(
            isOpened ? cash : null, [.. shares.Select(held => (held.Key, held.Value))], [.. blotter.Orders.Select(Remembered)], fills.ToImmutable());
    }

    private static VenueOrder Remembered(Order order)
    {
        var leg = order.Intent.Order;
        var isWhole = order.Matched >= leg.Shares || (leg.Type is OrderType.Fak or OrderType.Fok && order.Matched > Size.Zero);
        return new VenueOrder(
            order.Id, leg.Condition, leg.Token, leg.Side, leg.Type, leg.Limit, leg.Shares, order.Matched,
            isWhole ? VenueOrderStatus.Matched : VenueOrderStatus.Canceled, Instant.FromMillis(order.Intent.TimestampMs));
    }

    /// <summary>Answered as matched, and ended before its trade was told: at its limit, without a fee, for the book of then is gone.</summary>
    private static Fill? Untold(Order order)
    {
        var (leg, untold) = (order.Intent.Order, order.Matched - order.Filled);
        if (order.IsDone || untold <= Size.Zero) return null;

        var amount = leg.Side is Side.Buy ? Usd.Cost(leg.Limit, untold) : Usd.Proceeds(leg.Limit, untold);
        return new Fill(
            new TradeId($"paper-{order.Id}"), order.Id, TradeStatus.Confirmed, untold, amount, Usd.Zero, leg.Limit, Instant.FromMillis(order.Intent.TimestampMs));
    }
}
