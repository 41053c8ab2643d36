using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Commands;

/// <summary>A fact in one line for people; `events --json` has all of it.</summary>
internal static class FactText
{
    /// <summary>The names of all kinds there are.</summary>
    public static readonly ImmutableArray<string> Kinds = [.. typeof(Fact).GetNestedTypes().Select(kind => kind.Name).Order(StringComparer.Ordinal)];

    /// <summary>A kind that this program does not know, of a newer silo, as it is written.</summary>
    public static string Of(FactLine line)
    {
        try
        {
            return Of(DomainJson.Read<Fact>(line.Body));
        }
        catch (JsonException)
        {
            return line.Body;
        }
    }

    public static string Of(Fact fact) => fact switch
    {
        Fact.OpeningBalanceTaken taken => $"began with cash {taken.Cash} and {taken.Positions.Count} tokens",
        Fact.StateChanged changed => $"{Output.Word(changed.From)} -> {Output.Word(changed.To)} by {changed.By}: {changed.Reason} (epoch {changed.Epoch})",
        Fact.BasketOpened { Basket: var basket } => $"{basket.Id} {basket.Style} {basket.Side} {basket.Kind}, {basket.Quantity} baskets of {basket.Legs.Length} legs for {basket.Outlay}, to earn {basket.Profit}",
        Fact.ClosingOrderPlaced { Order: var order } => $"{order.Intent.Basket} {order.Intent.Purpose}: {Leg(order.Intent.Order)}",
        Fact.OrderChanged { News: var news } => $"{Output.Brief(news.Order.Text)} {News(news)}",
        Fact.BasketLocked locked => $"{locked.Basket} {locked.Quantity} baskets, pay {locked.Payout}",
        Fact.CancelRequested cancel => $"{cancel.Orders.Length} orders of {Output.Brief(cancel.Market.Text)}: {cancel.Why}",
        Fact.BasketClosed { Result: var result } closed => $"{closed.Basket} {result.End}, earned {result.Earned}{(result.Note.Length > 0 ? $": {result.Note}" : "")}",
        Fact.SettlementStarted { Call: var call } => $"{call.Kind} {call.Shares} shares of {Output.Brief(call.Market.Text)} to {call.Dollars}",
        Fact.SettlementEnded { Call: var call } ended => $"{call.Kind} {call.Shares} shares to {call.Dollars}: {ended.End} {ended.Why}",
        Fact.ExternalCredited credited => $"cash {credited.Cash} and {credited.Shares.Count} tokens: {credited.Why}",
        Fact.RoundingAdjusted adjusted => $"cash {adjusted.Cash}: {adjusted.Why}",
        Fact.SharesRedeemed redeemed => $"{redeemed.Shares.Count} tokens for {redeemed.Cash}",
        Fact.LedgerAccepted accepted => $"cash {accepted.Cash}, {accepted.Came.Count} tokens came and {accepted.Left.Count} left, by {accepted.By}: {accepted.Reason}",
        Fact.EquitySampled sample => $"equity {sample.Equity}, profit {sample.Profit}",
        Fact.OperatorActed acted => $"{acted.By}: {acted.What}",
        Fact.ParametersChanged changed => $"{string.Join(", ", changed.Changes)}, by {changed.By} ({changed.Source})",
        Fact.ErrorNoted noted => $"{noted.Where}: {noted.What}",
        _ => throw new System.Diagnostics.UnreachableException(), // Tests tell each.
    };

    private static string Leg(LegOrder order) => $"{order.Side} {order.Shares} {order.Outcome} at {order.Limit}, {Output.Word(order.Type)}";

    private static string News(OrderEvent news) => news switch
    {
        OrderEvent.Unanswered unanswered => $"unanswered: {unanswered.Why}",
        OrderEvent.Rejected rejected => $"rejected: {rejected.Why}",
        OrderEvent.Delayed => "delayed",
        OrderEvent.Placed => "rests",
        OrderEvent.Matched matched => $"matched {matched.Shares}{(matched.IsFinal ? ", final" : "")}",
        OrderEvent.Filled { Fill: var fill } => $"filled {fill.Shares} at {fill.Price} ({fill.Status})",
        OrderEvent.Canceled canceled => $"canceled: {canceled.Why}",
        OrderEvent.Absent => "the venue never had it",
        _ => news.GetType().Name,
    };
}
