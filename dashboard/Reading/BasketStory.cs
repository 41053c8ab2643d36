using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Dashboard;

/// <param name="Step">Which step of its way it belongs to: open, complete, unwind, flatten, quote, order, locked or closed.</param>
public sealed record StoryLine(Instant At, string Step, string Text);

/// <summary>What became of one basket, rung by rung, out of the journal.</summary>
internal static class BasketStory
{
    /// <param name="facts">Of its market, the oldest first.</param>
    public static ImmutableArray<StoryLine> Of(BasketId basket, ImmutableArray<FactLine> facts)
    {
        var legs = new Dictionary<OrderId, int>();
        var story = ImmutableArray.CreateBuilder<StoryLine>();
        foreach (var line in facts.Where(line => line.Basket == basket))
        {
            var fact = DomainJson.Read<Fact>(line.Body);
            foreach (var placed in Placed(fact)) legs[placed.Id] = placed.Intent.Order.Leg + 1;
            if (Step(fact) is var (step, text)) story.Add(new StoryLine(line.At, step, text));
        }

        return story.ToImmutable();

        (string, string)? Step(Fact fact) => fact switch
        {
            Fact.BasketOpened(_, var opened, _, var orders) =>
                ("open", $"{Show.Shares(opened.Quantity)} baskets at an edge of {Show.Money(opened.Edge.Executable, 4)} each, {orders.Length} orders"),
            Fact.ClosingOrderPlaced(_, _, var placed) => (placed.Intent.Purpose.ToString().ToLowerInvariant(), Rung(placed)),
            Fact.OrderChanged(_, var news) => ("order", $"leg {(legs.TryGetValue(news.Order, out var leg) ? leg : "?")}: {News(news)}"),
            Fact.BasketLocked(_, _, _, var quantity, var payout) => ("locked", $"{Show.Shares(quantity)} complete, which pay {Show.Money(payout)} for certain"),
            Fact.BasketClosed(_, _, _, var result) =>
                ("closed", $"{result.End.ToString().ToLowerInvariant()}: {Show.Shares(result.Quantity)} complete, earned {Show.Signed(result.Earned)} {result.Note}".TrimEnd()),
            _ => null,
        };
    }

    private static ImmutableArray<OrderPlaced> Placed(Fact fact) => fact switch
    {
        Fact.BasketOpened opened => opened.Orders,
        Fact.ClosingOrderPlaced closing => [closing.Order],
        _ => [],
    };

    private static string Rung(OrderPlaced placed)
    {
        var order = placed.Intent.Order;
        var what = $"{Show.Shares(order.Shares)} {order.Outcome.ToString().ToUpperInvariant()} of leg {order.Leg + 1} at {Show.Cents(order.Limit)}";
        return order.Side is Side.Buy ? $"buys {what} at most, try {order.Attempt}" : $"sells {what} at least, try {order.Attempt}";
    }

    private static string News(OrderEvent news) => news switch
    {
        OrderEvent.Unanswered(_, var why) => $"no answer: {why}",
        OrderEvent.Rejected(_, var why, _) => $"rejected: {why}",
        OrderEvent.Delayed => "delayed by the venue",
        OrderEvent.Placed => "rests in the book",
        OrderEvent.Matched(_, var shares, var isFinal) => $"{Show.Shares(shares)} matched{(isFinal ? ", no more to come" : "")}",
        OrderEvent.Filled(var fill) => $"{Show.Shares(fill.Shares)} at {Show.Cents(fill.Price)}, {fill.Status.ToString().ToUpperInvariant()}",
        OrderEvent.Canceled(_, var why) => $"canceled: {why}",
        OrderEvent.Absent => "proven never to have arrived",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
