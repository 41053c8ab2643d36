using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;
using static PolyArb.Domain.Orders.OrderState;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class OrderTests
{
    private static readonly OrderId Id = new("o1");

    private static readonly OrderEvent[] News =
    [
        new OrderEvent.Unanswered(Id, "timeout"), new OrderEvent.Rejected(Id, "no"), new OrderEvent.Delayed(Id), new OrderEvent.Placed(Id),
        new OrderEvent.Matched(Id, Size.Shares(40), IsFinal: false), new OrderEvent.Matched(Id, Size.Shares(100), IsFinal: true),
        Filled("new", TradeStatus.Matched), new OrderEvent.Canceled(Id, "cancel"), new OrderEvent.Absent(Id),
    ];

    /// <summary>What every piece of news means in every state: the state it leads to, "-" nothing new, "!" disputed.</summary>
    [Theory]
    // silence, refused, delayed, placed, matched in part, in whole, a trade, canceled, absent
    [InlineData(InFlight, "Unanswered Rejected Delayed Live   Matched Matched Matched Canceled -")]
    [InlineData(Unanswered, "-          Rejected Delayed Live   Matched Matched Matched Canceled Absent")]
    [InlineData(Delayed, "-          Rejected -       Live   Matched Matched Matched Canceled -")]
    [InlineData(Live, "-          Canceled -       -      Matched Matched Matched Canceled -")]
    [InlineData(Matched, "-          !        -       -      -       Matched Matched Matched  -")]
    [InlineData(Rejected, "-          -        -       -      !       !       !       -        -")]
    [InlineData(Canceled, "-          -        -       -      Matched Matched Matched -        -")]
    [InlineData(Confirmed, "-          !        -       -      -       -       Matched -        -")]
    [InlineData(Failed, "-          !        -       -      -       -       Matched -        -")]
    [InlineData(Absent, "-          -        !       !      !       !       !       -        -")]
    [InlineData(Disputed, "-          -        -       -      !       !       !       !        -")]
    public void Goes_where_the_table_says(OrderState from, string row)
    {
        var expected = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(News.Length, expected.Length);
        for (var i = 0; i < News.Length; i++)
        {
            var before = In(from);
            var after = before.Apply(News[i]);
            var told = ReferenceEquals(after, before) ? "-" : after.State is Disputed ? "!" : $"{after.State}";
            Assert.True(expected[i] == told, $"{from} hears {News[i]}: {told} instead of {expected[i]}");
            Assert.True(ReferenceEquals(after.Apply(News[i]), after) || after.State is Disputed or Matched, $"{from} hears {News[i]} twice");
        }
    }

    /// <summary>The table is about FAK orders, whose rest may be refused after their placement was told. A resting order may not.</summary>
    [Fact]
    public void A_resting_order_that_is_rejected_is_disputed()
    {
        var resting = new Order(Given.Placed("o1", Given.Leg(type: OrderType.Gtc))) with { State = Live };
        Assert.Equal(Disputed, resting.Apply(new OrderEvent.Rejected(Id, "no")).State);
    }

    /// <summary>The refusal of a killed order may be read before its placement is told; a resting order is not killed.</summary>
    [Theory]
    [InlineData(OrderType.Fok, Rejected)]
    [InlineData(OrderType.Gtc, Disputed)]
    [InlineData(OrderType.Gtd, Disputed)]
    public void Placed_after_it_was_rejected_is_an_echo_only_of_what_was_killed(OrderType type, OrderState expected)
    {
        var rejected = new Order(Given.Placed("o1", Given.Leg(type: type))).Apply(new OrderEvent.Rejected(Id, "no"));
        foreach (OrderEvent late in (OrderEvent[])[new OrderEvent.Placed(Id), new OrderEvent.Delayed(Id)]) Assert.Equal(expected, rejected.Apply(late).State);
    }

    [Fact]
    public void A_disputed_order_whose_end_is_told_is_done_and_stays_disputed()
    {
        var canceled = In(Disputed).Apply(new OrderEvent.Canceled(Id, "cancel"));
        Assert.Equal((true, false, true, false), (In(Disputed).MaySpend, In(Disputed).IsDone, canceled.IsDone, canceled.MaySpend));
        Assert.Equal((Disputed, "Placed while Absent"), (canceled.State, canceled.Note));
        Assert.Same(canceled, canceled.Apply(new OrderEvent.Canceled(Id, "cancel")));
    }

    [Fact]
    public void A_disputed_order_that_matched_is_done_when_all_of_its_trades_are_final()
    {
        var matched = In(Rejected).Apply(new OrderEvent.Matched(Id, Size.Shares(100), IsFinal: true));
        Assert.Equal((Disputed, true, true, false), (matched.State, matched.IsClosed, matched.MaySpend, matched.IsDone));
        var traded = matched.Apply(Filled("t1", TradeStatus.Matched));
        Assert.Equal((false, false), (traded.MaySpend, traded.IsDone));
        Assert.True(traded.Apply(Filled("t1", TradeStatus.Confirmed)).IsDone);
        Assert.False(traded.Apply(Filled("t1", TradeStatus.Confirmed)).Apply(Filled("t1", TradeStatus.Failed)).IsDone); // Taken back.
    }

    [Fact]
    public void A_disputed_resting_order_may_rest_until_its_last_share()
    {
        var resting = new Order(Given.Placed("o1", Given.Leg(type: OrderType.Gtc))).Apply(new OrderEvent.Rejected(Id, "no")).Apply(new OrderEvent.Placed(Id));
        Assert.Equal((Disputed, true), (resting.State, resting.MayRest));
        Assert.True(resting.Apply(Filled("t1", TradeStatus.Matched, 99)).MayRest);
        Assert.False(resting.Apply(Filled("t1", TradeStatus.Matched)).MayRest);
    }

    [Fact]
    public void The_table_has_every_state() => Assert.Equal(
        Enum.GetValues<OrderState>().Order(),
        typeof(OrderTests).GetMethod(nameof(Goes_where_the_table_says))!.GetCustomAttributesData()
            .Where(row => row.AttributeType == typeof(InlineDataAttribute))
            .Select(row => (OrderState)((IList<System.Reflection.CustomAttributeTypedArgument>)row.ConstructorArguments[0].Value!)[0].Value!).Order());

    [Theory]
    [InlineData(InFlight, false, false)]
    [InlineData(Unanswered, false, false)]
    [InlineData(Delayed, false, false)]
    [InlineData(Live, false, false)]
    [InlineData(Matched, false, false)]
    [InlineData(Rejected, true, true)]
    [InlineData(Canceled, true, true)]
    [InlineData(Confirmed, true, true)]
    [InlineData(Failed, true, true)]
    [InlineData(Absent, true, true)]
    [InlineData(Disputed, false, false)]
    public void Is_done_and_closed_as_the_table_says(OrderState state, bool done, bool closed) =>
        Assert.Equal((done, closed), (In(state).IsDone, In(state).IsClosed));

    /// <summary>Two trades, three statuses each, the answer to the POST: any order of arrival, with repeats, ends alike.</summary>
    [Fact]
    public void Ends_alike_whatever_the_order_of_arrival()
    {
        OrderEvent[] news =
        [
            new OrderEvent.Matched(Id, Size.Shares(100), IsFinal: true),
            Filled("t1", TradeStatus.Matched, 60), Filled("t1", TradeStatus.Mined, 60), Filled("t1", TradeStatus.Confirmed, 60),
            Filled("t2", TradeStatus.Matched, 40), Filled("t2", TradeStatus.Retrying, 40), Filled("t2", TradeStatus.Failed, 40),
        ];
        for (var seed = 1; seed <= 500; seed++)
        {
            var random = new Random(seed);
            var order = In(InFlight);
            foreach (var item in news.Concat(news).OrderBy(_ => random.Next())) order = order.Apply(item);

            Assert.True(order is { State: Confirmed, IsDone: true, IsClosed: true }, $"seed {seed}: {order.State}");
            Assert.True(order.Filled == Size.Shares(60) && order.Matched == Size.Shares(60) && order.Money == Usd.Dollars(27), $"seed {seed}: {order.Money}");
        }
    }

    [Fact]
    public void Is_not_confirmed_while_an_announced_trade_is_missing()
    {
        var order = In(InFlight).Apply(new OrderEvent.Matched(Id, Size.Shares(100), IsFinal: true)).Apply(Filled("t1", TradeStatus.Confirmed, 60));
        Assert.Equal((Matched, true, false, true), (order.State, order.IsClosed, order.IsDone, order.MissesTrades));
        Assert.Equal((Size.Shares(60), Size.Shares(100)), (order.Filled, order.Matched));
        Assert.Equal(Confirmed, order.Apply(Filled("t2", TradeStatus.Confirmed, 40)).State);
    }

    /// <summary>The venue's figure and its trades may differ by a hundredth of a share, which no trade will ever tell.</summary>
    [Theory]
    [InlineData("99.99", true)]
    [InlineData("99.989999", false)]
    public void What_the_trades_lack_of_the_announced_by_rounding_is_not_waited_for(string told, bool isDone)
    {
        var trade = new OrderEvent.Filled(Given.Fill("t1", TradeStatus.Confirmed) with { Shares = Size.Parse(told) });
        var order = In(InFlight).Apply(new OrderEvent.Matched(Id, Size.Shares(100), IsFinal: true)).Apply(trade);
        Assert.Equal((isDone, isDone ? Size.Parse(told) : Size.Shares(100)), (order.IsDone, order.Matched));
    }

    [Fact]
    public void Failed_after_matched_leaves_nothing()
    {
        var order = In(Matched).Apply(new OrderEvent.Canceled(Id, "rest")).Apply(Filled("t0", TradeStatus.Failed, 40));
        Assert.Equal((Failed, Size.Zero, Usd.Zero, true), (order.State, order.Matched, order.Money, order.IsDone));
    }

    [Fact]
    public void Confirmed_then_failed_is_a_contradiction_and_stays_one()
    {
        var order = In(Confirmed).Apply(Filled("t0", TradeStatus.Failed));
        Assert.Equal((Disputed, false), (order.State, order.IsDone));
        foreach (var news in News) Assert.Equal(Disputed, order.Apply(news).State);
    }

    [Fact]
    public void Failed_then_confirmed_is_one_too() => Assert.Equal(Disputed, In(Failed).Apply(Filled("t0", TradeStatus.Confirmed)).State);

    [Theory]
    [InlineData(TradeStatus.Matched)]
    [InlineData(TradeStatus.Mined)]
    [InlineData(TradeStatus.Retrying)]
    public void An_older_status_says_nothing_after_a_final_one(TradeStatus late)
    {
        foreach (var order in (Order[])[In(Confirmed), In(Failed)]) Assert.Same(order, order.Apply(Filled("t0", late)));
    }

    [Fact]
    public void A_late_fill_of_a_canceled_order_reopens_it()
    {
        var order = In(Canceled).Apply(Filled("t1", TradeStatus.Matched, 5));
        Assert.Equal((Matched, true, false, Size.Shares(5)), (order.State, order.IsClosed, order.IsDone, order.Matched));
        Assert.Equal(Confirmed, order.Apply(Filled("t1", TradeStatus.Confirmed, 5)).State);
    }

    [Fact]
    public void A_fak_that_matched_nothing_is_canceled()
    {
        var order = In(InFlight).Apply(new OrderEvent.Matched(Id, Size.Zero, IsFinal: true));
        Assert.Equal((Canceled, true), (order.State, order.IsDone));
    }

    [Fact]
    public void A_resting_order_closes_with_its_last_share()
    {
        var order = new Order(Given.Placed("o1", Given.Leg(type: OrderType.Gtc))).Apply(Filled("t1", TradeStatus.Matched, 99));
        Assert.False(order.IsClosed);
        Assert.True(order.Apply(Filled("t2", TradeStatus.Matched, 1)).IsClosed);
    }

    [Fact]
    public void Fees_are_on_top_of_a_buy_and_off_a_sell()
    {
        var fill = new OrderEvent.Filled(Given.Fill(feeCents: 10));
        Assert.Equal(Usd.Cents(4_510), In(InFlight).Apply(fill).Money);
        Assert.Equal(Usd.Cents(4_490), new Order(Given.Placed("o1", Given.Leg(side: Side.Sell))).Apply(fill).Money);
    }

    [Fact]
    public void The_salt_is_one_of_its_leg_and_fits_a_json_number()
    {
        var salts = from leg in Enumerable.Range(0, 15) from attempt in Enumerable.Range(0, 4) select OrderIntent.SaltOf(new BasketId("b-1"), leg, attempt);
        Assert.All(salts, salt => Assert.InRange(salt, 0, (1L << 53) - 1));
        Assert.Equal(60, salts.Distinct().Count());
        Assert.NotEqual(OrderIntent.SaltOf(new BasketId("b-1"), 0, 0), OrderIntent.SaltOf(new BasketId("b-2"), 0, 0));
        Assert.Equal(OrderIntent.SaltOf(new BasketId("b-1"), 1, 2), OrderIntent.SaltOf(new BasketId("b-1"), 1, 2));
    }

    /// <summary>An order in a state, by the shortest way there; trades are called "t0".</summary>
    private static Order In(OrderState state)
    {
        var order = new Order(Given.Placed("o1"));
        OrderEvent[] way = state switch
        {
            InFlight => [],
            Unanswered => [News[0]],
            Rejected => [News[1]],
            OrderState.Delayed => [News[2]],
            Live => [News[3]],
            OrderState.Matched => [Filled("t0", TradeStatus.Matched, 40), new OrderEvent.Matched(Id, Size.Shares(40), IsFinal: false)],
            Canceled => [News[7]],
            Confirmed => [News[5], Filled("t0", TradeStatus.Confirmed)],
            Failed => [News[5], Filled("t0", TradeStatus.Failed)],
            Absent => [News[0], News[8]],
            _ => [News[0], News[8], News[3]],
        };
        return way.Aggregate(order, (before, news) => before.Apply(news));
    }

    private static OrderEvent.Filled Filled(string trade, TradeStatus status, long shares = 100) =>
        new(Given.Fill(trade, status, shares, shares * 45));
}
