using System.Collections.Immutable;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>What a recording of a bot that traded tells a backtest of its orders.</summary>
public class RecordedTradingTests
{
    private readonly RecordedTrading _recorded = new();
    private long _rows;

    [Fact]
    public void An_order_has_its_terms_from_the_news_and_its_trades_from_the_portfolio()
    {
        Settle(Given.Fill(shares: 60) with { At = Given.After(1) });
        News(Leg(OrderState.Matched, matched: 100));
        Settle(Given.Fill("t2", shares: 40) with { At = Given.After(2) });
        Settle(Given.Fill(status: TradeStatus.Confirmed, shares: 60) with { At = Given.After(9) });

        var order = Assert.Single(_recorded.Orders);
        Assert.Equal((Given.Leg(), Given.Noon), (order.Terms, order.PlacedAt));
        Assert.Equal(
            [(Size.Shares(60), TradeStatus.Confirmed, Given.After(1)), (Size.Shares(40), TradeStatus.Matched, Given.After(2))],
            order.Fills.Select(fill => (fill.Shares, fill.Status, fill.At)));
    }

    /// <summary>Only what the recording knows to the end is repeated; about all else the model decides.</summary>
    [Theory]
    [InlineData(true, OrderState.Matched, 100L, true, null)]
    [InlineData(true, OrderState.Canceled, 0L, true, null)]
    [InlineData(true, OrderState.Rejected, 0L, true, RejectCode.FakNotFilled)]
    [InlineData(false, OrderState.Rejected, 0L, true, RejectCode.NotEnoughBalance)]
    [InlineData(false, OrderState.Absent, 0L, true, null)]
    [InlineData(false, OrderState.Disputed, 100L, true, null)]
    [InlineData(false, OrderState.Matched, 100L, false, null)]
    [InlineData(false, OrderState.Matched, 101L, true, null)] // A trade of one share was lost.
    public void An_order_without_its_whole_story_is_left_to_the_model(bool isRecorded, OrderState state, long matched, bool isClosed, RejectCode? refusal)
    {
        News(Leg(state, matched, isClosed, refusal));
        if (matched > 0) Settle(Given.Fill());

        Assert.Equal((isRecorded ? 1 : 0, 1), (_recorded.Orders.Length, _recorded.Seen));
    }

    [Fact]
    public void The_last_news_of_an_order_counts_and_what_cannot_be_read_tells_nothing()
    {
        News(Leg(OrderState.Live, 0, isClosed: false));
        Row(InputKind.Answer, """{"owner":"0x1","input":{"case":"News","version":"x"}}""");
        Row(InputKind.Call, """{"case":"Settle","gateway":""");
        Assert.Empty(_recorded.Orders);

        News(Leg(OrderState.Canceled, 0));
        Assert.Empty(Assert.Single(_recorded.Orders).Fills);
    }

    /// <summary>A request that nobody answered took no time that could be drawn.</summary>
    [Fact]
    public void Latencies_are_those_of_answers()
    {
        Row(InputKind.Call, DomainJson.Write<PortfolioCall>(new PortfolioCall.Check(1, new GatewaySigns(StreamState.Live, StreamState.Live, 0,
        [
            new Answered(Given.Event, Given.Noon, Given.After(0.08), 2, 0), new Answered(Given.Event, Given.Noon, Given.After(10), 0, 0),
            new Answered(Given.Event, Given.Noon, Given.After(-1), 1, 0),
        ]))));
        Row(InputKind.Call, DomainJson.Write<PortfolioCall>(new PortfolioCall.Check(1, new GatewaySigns(StreamState.Live, StreamState.Live, 0,
            [new Answered(Given.Event, Given.Noon, Given.After(0.12), 1, 1)]))));

        Assert.Equal([TimeSpan.FromMilliseconds(80), TimeSpan.FromMilliseconds(120)], _recorded.RoundTrips);
    }

    /// <summary>50 NO of each at 45 cents by the model; the recorded bot had paid 44, or was killed.</summary>
    [Theory]
    [InlineData(true, BasketEnd.Completed, 600)]
    [InlineData(false, BasketEnd.Unfilled, 0)]
    public void A_day_gives_orders_that_were_sent_then_what_they_got_then(bool wasFilled, BasketEnd end, int cents)
    {
        var day = new Recorded().Begin().Edge(1).NoEdge(3).Bid(10, 0);
        var byModel = day.Play();
        Assert.Equal(Usd.Dollars(5), Assert.Single(byModel.Result.Baskets).Realized);

        var orders = byModel.Decisions.Select(decision => DomainJson.Read<DeskDecision>(decision[decision.IndexOf('{')..])).OfType<DeskDecision.Propose>()
            .SelectMany(proposed => proposed.Proposal.Orders).Select(order => new RecordedOrder(order, Given.After(2), wasFilled ? [Cheap(order)] : []));
        var basket = Assert.Single(day.Play(Recorded.Rules with { RecordedOrders = [.. orders] }).Result.Baskets);
        Assert.Equal((end, Usd.Cents(cents)), (basket.End, basket.Realized));

        static Fill Cheap(LegOrder order) => new(
            new TradeId($"t{order.Leg}"), new OrderId($"o{order.Leg}"), TradeStatus.Confirmed, order.Shares, Usd.Cents(2_200), Usd.Zero, Price.Cents(44), Given.After(2));
    }

    /// <summary>Rules are values: a second day by the same rules begins with all recorded orders again.</summary>
    [Fact]
    public void Recorded_orders_are_there_again_for_the_next_day()
    {
        var day = new Recorded().Begin().Edge(1).NoEdge(3).Bid(10, 0);
        var proposed = day.Play().Decisions.Select(decision => DomainJson.Read<DeskDecision>(decision[decision.IndexOf('{')..])).OfType<DeskDecision.Propose>().First();
        var rules = Recorded.Rules with { RecordedOrders = [.. proposed.Proposal.Orders.Select(order => new RecordedOrder(order, Given.After(1), []))] };

        Assert.Equal(day.Play(rules).Result.ToString(), day.Play(rules).Result.ToString());
        Assert.Equal(BasketEnd.Unfilled, day.Play(rules).Result.Baskets[0].End);
    }

    private static LegNews Leg(OrderState state, long matched, bool isClosed = true, RejectCode? refusal = null) => new(
        new OrderId("o1"), Given.Leg(), Purpose.Open, Given.Noon, state, Size.Shares(matched), Usd.Zero, Size.Zero, Usd.Zero, isClosed, false, false, refusal);

    private void News(LegNews order) => Row(InputKind.Answer, DomainJson.Write(new OwnedInput(
        Given.Event, new DeskInput.News(1, [new OpenBasket(Given.Basket(), Given.Noon, [order])], []))));

    private void Settle(Fill fill) => Row(InputKind.Call, DomainJson.Write<PortfolioCall>(new PortfolioCall.Settle(
        1, [new Settlement(fill, new BasketId("b-1"), Given.Event, Given.Condition().Id, Given.No(), Side.Buy, new ReservationId(1, 1))])));

    private void Row(InputKind kind, string text) => _recorded.Read(new RecordedInput(++_rows, Given.Noon, kind, Encoding.UTF8.GetBytes(text)));
}
