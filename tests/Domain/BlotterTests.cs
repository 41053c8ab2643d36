using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class BlotterTests
{
    private static readonly OrderId First = new("b-1/0");

    private readonly Blotter _blotter = new();

    [Fact]
    public void An_opened_basket_has_its_orders_and_is_the_markets()
    {
        _blotter.Apply(Given.Opened());
        var basket = _blotter.OpenBaskets(Given.Event).Single();
        Assert.Equal(["b-1/0", "b-1/1"], _blotter.OrdersOf(basket).Select(order => order.Id.Text));
        Assert.Equal((2, new ReservationId(1, 1), 1), (_blotter.Unfinished.Count(), _blotter.ReservationOf(First), _blotter.Version(Given.Event)));
    }

    [Fact]
    public void News_that_says_nothing_new_changes_nothing()
    {
        _blotter.Apply(Given.Opened());
        Assert.NotNull(Hear(Filled()));
        Assert.Null(Hear(Filled()));
        Assert.Null(Hear(new OrderEvent.Unanswered(First, "late")));
        Assert.Null(Hear(new OrderEvent.Placed(new OrderId("not ours"))));
        Assert.Equal(2, _blotter.Version(Given.Event));
    }

    [Fact]
    public void A_preview_changes_nothing()
    {
        _blotter.Apply(Given.Opened());
        var change = _blotter.Preview(Filled())!;
        Assert.Equal((OrderState.InFlight, OrderState.Matched), (change.Before.State, change.After.State));
        Assert.Equal(OrderState.InFlight, _blotter.Find(First)!.State);
    }

    [Fact]
    public void A_fill_settles_with_everything_the_ledger_needs()
    {
        _blotter.Apply(Given.Opened(reservation: 9));
        var fill = Filled();
        Assert.Equal(
            new Settlement(fill.Fill, new BasketId("b-1"), Given.Event, Given.Condition().Id, Given.No(), Side.Buy, new ReservationId(1, 9), Outcome.No),
            Hear(fill)!.Settlement);
        Assert.Null(Hear(new OrderEvent.Matched(First, Size.Shares(100), IsFinal: true))!.Settlement);
    }

    [Fact]
    public void A_finished_order_is_unfinished_again_when_it_fills_late()
    {
        _blotter.Apply(Given.Opened());
        Hear(new OrderEvent.Canceled(First, "gone"));
        Assert.Equal(["b-1/1"], _blotter.Unfinished.Select(order => order.Id.Text));
        Hear(Filled());
        Assert.Equal(2, _blotter.Unfinished.Count());
    }

    [Fact]
    public void A_closing_order_belongs_to_its_basket_once()
    {
        _blotter.Apply(Given.Opened());
        var closing = new Fact.ClosingOrderPlaced(Given.Noon, new ReservationId(1, 2), Given.Placed("b-1/1/1", Given.Leg(1, attempt: 1), Purpose.Complete));
        _blotter.Apply(closing);
        _blotter.Apply(closing);
        Assert.Equal(3, _blotter.OrdersOf(_blotter.OpenBaskets(Given.Event).Single()).Count());
        Assert.Equal(new ReservationId(1, 2), _blotter.ReservationOf(new OrderId("b-1/1/1")));
    }

    [Fact]
    public void A_closed_basket_is_remembered_and_no_longer_open()
    {
        _blotter.Apply(Given.Opened());
        var result = new BasketResult(BasketEnd.Held, Size.Zero, Usd.Zero, Usd.Zero, "");
        _blotter.Apply(new Fact.BasketClosed(Given.Noon, new BasketId("b-1"), Given.Event, result));
        Assert.Empty(_blotter.OpenBaskets(Given.Event));
        Assert.Equal((result, false), (_blotter.Basket(new BasketId("b-1"))!.Result, _blotter.Basket(new BasketId("b-1"))!.IsOpen));
        Assert.Equal(2, _blotter.Version(Given.Event));
    }

    /// <summary>A fact is on disk before it gets here: one that threw would throw at every start.</summary>
    [Fact]
    public void Any_fact_can_be_applied_in_any_state_and_replayed_to_the_same()
    {
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var facts = Enumerable.Range(0, 60).Select(_ => AnyFact(random)).ToArray();
            var (one, other) = ((new Blotter(), new Ledger()), (new Blotter(), new Ledger()));
            foreach (var fact in facts) Apply(one, fact);
            foreach (var fact in facts) Apply(other, DomainJson.Read<Fact>(DomainJson.Write(fact)));

            Assert.True(Describe(one) == Describe(other), $"seed {seed}:\n{Describe(one)}\n{Describe(other)}");
            Assert.Equal(one.Item1.Orders.Select(order => order.Id), one.Item1.OrdersBefore(long.MaxValue, int.MaxValue).Rows.Select(order => order.Id));
            Assert.Equal(one.Item1.Orders.Sum(order => order.Fills.Count), one.Item1.FillsBefore(long.MaxValue, int.MaxValue).Rows.Length);
            Assert.Equal(one.Item1.Baskets, one.Item1.BasketsBefore(long.MaxValue, int.MaxValue).Rows);
            foreach (var basket in one.Item1.Baskets)
                Assert.True(one.Item1.OrdersOf(basket).Distinct().Count() == basket.Orders.Length, $"seed {seed}: an order twice in {basket.Basket.Id}");
        }
    }

    private static void Apply((Blotter Blotter, Ledger Ledger) state, Fact fact)
    {
        if (fact is Fact.OpeningBalanceTaken opening) state.Ledger.Open(opening);
        if (state.Blotter.Apply(fact)?.Settlement is { } settlement) state.Ledger.Apply(settlement);
    }

    private static string Describe((Blotter Blotter, Ledger Ledger) state) => string.Join('\n', state.Blotter.Orders
        .Select(order => $"{order.Id} {order.State} {order.Matched} {order.Money} {order.IsClosed} {order.Note}").Order(StringComparer.Ordinal)
        .Append($"{state.Ledger.Cash} {state.Ledger.Cost} {state.Ledger.Realized} {state.Ledger.Unsettled} {state.Blotter.Version(Given.Event)}")
        .Append($"{string.Join(',', state.Blotter.OpenBaskets(Given.Event).Select(open => $"{open.Basket.Id} {open.LockedAt}"))} {state.Blotter.Unfinished.Count()}"));

    private static Fact AnyFact(Random random)
    {
        var basket = $"b-{random.Next(3)}";
        var order = new OrderId($"{basket}/{random.Next(3)}");
        var shares = random.Next(3) * 50;
        return random.Next(12) switch
        {
            0 => Given.Opened(Given.Basket(id: basket), random.Next(5)),
            1 => new Fact.ClosingOrderPlaced(Given.Noon, new ReservationId(1, 3), Given.Placed($"{basket}/{random.Next(3)}", Given.Leg(1, (Side)random.Next(2), attempt: 1), basket: basket)),
            2 => new Fact.BasketClosed(Given.Noon, new BasketId(basket), Given.Event, new BasketResult(BasketEnd.Held, Size.Zero, Usd.Zero, Usd.Zero, "")),
            3 => new Fact.ErrorNoted(Given.Noon, "here", "this"),
            4 => new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(9), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Shares(1))),
            5 => new Fact.StateChanged(Given.Noon, TradingState.Running, TradingState.Safe, 3, "me", "why"),
            _ => new Fact.OrderChanged(Given.Noon, random.Next(9) switch
            {
                0 => new OrderEvent.Unanswered(order, "silence"),
                1 => new OrderEvent.Rejected(order, "no"),
                2 => new OrderEvent.Delayed(order),
                3 => new OrderEvent.Placed(order),
                4 => new OrderEvent.Matched(order, Size.Shares(shares), random.Next(2) == 0),
                5 => new OrderEvent.Canceled(order, "gone"),
                6 => new OrderEvent.Absent(order),
                _ => new OrderEvent.Filled(Given.Fill($"t{random.Next(4)}", (TradeStatus)random.Next(5), shares, shares * 45, order: order.Text)),
            }),
        };
    }

    private BlotterChange? Hear(OrderEvent news) => _blotter.Apply(new Fact.OrderChanged(Given.Noon, news));

    private static OrderEvent.Filled Filled() => new(Given.Fill(order: First.Text));
}
