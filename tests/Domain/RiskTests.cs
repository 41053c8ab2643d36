using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using static PolyArb.Domain.Risk.Refusal;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class RiskTests
{
    private static readonly MarketId Elsewhere = new("elsewhere");

    /// <summary>
    /// One row per refusal, in the order risk checks them. Each row breaks its own limit and every later one.
    /// Limits: 200 a market, 500 in all, 2 seconds, 4 unresolved, 8 open orders of a condition; the proposal costs 45 dollars and sells
    /// shares, by two orders of one condition.
    /// </summary>
    [Theory]
    [InlineData(Recovering, true, TradingState.Safe, true, 3, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(NotInThisState, false, TradingState.Safe, true, 3, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(NotInThisState, false, TradingState.Flattening, true, 3, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(NotInThisState, false, TradingState.Paused, true, 3, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(Tripped, false, TradingState.Running, true, 3, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(Stale, false, TradingState.Running, false, 3, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(MarketBusy, false, TradingState.Running, false, 2, true, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(TooManyUnresolved, false, TradingState.Running, false, 2, false, 4, false, 7, 156, 456, 44, 9)]
    [InlineData(NotMarked, false, TradingState.Running, false, 2, false, 3, false, 7, 156, 456, 44, 9)]
    [InlineData(TooManyOpenOrders, false, TradingState.Running, false, 2, false, 3, true, 7, 156, 456, 44, 9)]
    [InlineData(OverMarketLimit, false, TradingState.Running, false, 2, false, 3, true, 6, 156, 456, 44, 9)]
    [InlineData(OverTotalLimit, false, TradingState.Running, false, 2, false, 3, true, 6, 155, 456, 44, 9)]
    [InlineData(NotEnoughCash, false, TradingState.Running, false, 2, false, 3, true, 6, 155, 455, 44, 9)]
    [InlineData(NotEnoughShares, false, TradingState.Running, false, 2, false, 3, true, 6, 155, 455, 45, 9)]
    [InlineData(null, false, TradingState.Running, false, 2, false, 3, true, 6, 155, 455, 45, 10)]
    public void Names_the_first_limit_broken(
        Refusal? expected, bool recovering, TradingState trading, bool tripped, int age, bool busy, int unresolved, bool marked, int open, long here, long total,
        long cash, long shares)
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Dollars(cash), trading, recovering) with
        {
            Positions =
            [
                new Position(Given.No(), Given.Event, Given.Condition().Id, Size.Shares(shares), Usd.Dollars(here)),
                new Position(Given.No(9), Elsewhere, null, Size.Shares(1), Usd.Dollars(total - here)),
            ],
            OpenBaskets = busy ? [new OpenSlot(new BasketId("b-0"), Slot)] : [],
            Consumed = [Placed(1, open)],
            Unresolved = unresolved,
        });
        state.Take(Marks(marked ? [Given.No(), Given.No(9)] : [Given.No(9)]));
        if (tripped) state.TripOn("test");

        var proposal = Given.Proposal(orders: [Given.Leg(), Given.Leg(side: Side.Sell, shares: 10)]);
        Assert.Equal(expected, RiskEngine.Decide(state, Given.Limits with { MaxOpenOrdersPerCondition = 8 }, proposal, Given.After(age)));
    }

    /// <summary>What is open is finished whatever holds new baskets back.</summary>
    [Theory]
    [InlineData(Purpose.Open, TooManyUnresolved)]
    [InlineData(Purpose.Quote, TooManyUnresolved)]
    [InlineData(Purpose.Complete, null)]
    [InlineData(Purpose.Unwind, null)]
    public void Only_what_is_new_waits_for_unresolved_orders_and_bids(Purpose purpose, Refusal? expected)
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Dollars(200)) with
        {
            Positions = [new Position(Given.No(), Given.Event, null, Size.Shares(10), Usd.Dollars(1))],
            Consumed = [Placed(1, 100)],
            Unresolved = 4,
        });
        Assert.Equal(expected, RiskEngine.Decide(state, Given.Limits, Given.Proposal(purpose, orders: Given.Leg(cents: 100)), Given.Noon));
    }

    [Fact]
    public void Open_orders_of_a_condition_are_counted_from_the_reservation_to_its_release()
    {
        var limits = Given.Limits with { MaxOpenOrdersPerCondition = 1 };
        var (state, cheap) = (Running(), Given.Proposal(orders: Given.Leg(cents: 100)));
        var reservation = Reserve(state, cheap).Id;
        Assert.Equal(TooManyOpenOrders, RiskEngine.Decide(state, limits, cheap with { Market = Elsewhere, Id = new BasketId("b-2") }, Given.Noon));
        Assert.Null(state.Consume(reservation, Given.Noon));
        state.FreeSlot(cheap.Id);
        Assert.Equal(TooManyOpenOrders, RiskEngine.Decide(state, limits, cheap, Given.Noon));
        Assert.Null(RiskEngine.Decide(state, limits, cheap with { Orders = [Given.Leg(1, cents: 100)] }, Given.Noon));

        state.Release(reservation);
        Assert.Null(RiskEngine.Decide(state, limits, cheap, Given.Noon));
    }

    /// <summary>Its outlay does not fit into a number, so no limit can be compared with it.</summary>
    [Fact]
    public void What_cannot_be_checked_is_refused()
    {
        var endless = Given.Leg() with { MakerAmount = long.MaxValue, WorstFee = new Usd(1) };
        Assert.Equal(CheckFailed, RiskEngine.Decide(Running(), Given.Limits, Given.Proposal(orders: endless), Given.Noon));
    }

    [Theory]
    [InlineData(TradingState.Running, Purpose.Open, Purpose.Complete, Purpose.Unwind, Purpose.Quote)]
    [InlineData(TradingState.Paused, Purpose.Complete, Purpose.Unwind)]
    [InlineData(TradingState.Flattening, Purpose.Flatten)]
    [InlineData(TradingState.Safe)]
    public void Money_moves_only_for_these_purposes(TradingState state, params Purpose[] legal) =>
        Assert.Equal(legal, Enum.GetValues<Purpose>().Where(purpose => RiskEngine.IsLegal(purpose, state)));

    /// <summary>The mission's moves.</summary>
    [Theory]
    [InlineData(TradingState.Running, TradingState.Paused, TradingState.Flattening, TradingState.Safe)]
    [InlineData(TradingState.Paused, TradingState.Running, TradingState.Flattening, TradingState.Safe)]
    [InlineData(TradingState.Flattening, TradingState.Paused, TradingState.Safe)]
    [InlineData(TradingState.Safe, TradingState.Paused)]
    public void The_kill_switch_moves_only_here(TradingState from, params TradingState[] to) =>
        Assert.Equal(to, Enum.GetValues<TradingState>().Where(state => KillSwitch.CanMove(from, state)));

    [Theory]
    [InlineData(null, true, TradingState.Paused)]
    [InlineData(null, false, TradingState.Running)]
    [InlineData(TradingState.Running, true, TradingState.Paused)]
    [InlineData(TradingState.Running, false, TradingState.Paused)]
    [InlineData(TradingState.Paused, false, TradingState.Paused)]
    [InlineData(TradingState.Flattening, false, TradingState.Safe)]
    [InlineData(TradingState.Flattening, true, TradingState.Safe)]
    [InlineData(TradingState.Safe, false, TradingState.Safe)]
    [InlineData(TradingState.Safe, true, TradingState.Safe)]
    public void A_process_starts_stopped_unless_it_never_ran(TradingState? stored, bool startPaused, TradingState expected) =>
        Assert.Equal(expected, KillSwitch.AtStart(stored, startPaused));

    [Theory]
    [InlineData(Purpose.Complete, OverMarketLimit)]
    [InlineData(Purpose.Unwind, null)]
    public void Only_new_money_is_held_to_the_limits(Purpose purpose, Refusal? expected)
    {
        var state = Running(1_000);
        var order = purpose is Purpose.Complete ? Given.Leg(cents: 20_001) : Given.Leg(side: Side.Sell, shares: 0, cents: 20_001);
        Assert.Equal(expected, RiskEngine.Decide(state, Given.Limits, Given.Proposal(purpose, orders: order), Given.Noon));
    }

    [Fact]
    public void A_sell_is_not_refused_for_want_of_cash()
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Dollars(10)) with
        {
            Positions = [new Position(Given.No(), Given.Event, null, Size.Shares(10), Usd.Zero)],
            Consumed = [new HeldReservation(new ReservationId(1, 1), Elsewhere, Usd.Dollars(11), ImmutableDictionary<TokenId, Size>.Empty)],
        });
        Assert.True(state.FreeCash < Usd.Zero);
        Assert.Null(RiskEngine.Decide(state, Given.Limits, Given.Proposal(Purpose.Unwind, orders: Given.Leg(side: Side.Sell, shares: 10)), Given.Noon));
    }

    [Fact]
    public void Two_sells_of_one_token_need_the_shares_of_both()
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Zero) with { Positions = [new Position(Given.No(), Given.Event, null, Size.Shares(10), Usd.Zero)] });
        var proposal = Given.Proposal(Purpose.Unwind, orders: [Given.Leg(side: Side.Sell, shares: 6), Given.Leg(side: Side.Sell, shares: 6)]);
        Assert.Equal(NotEnoughShares, RiskEngine.Decide(state, Given.Limits, proposal, Given.Noon));
    }

    [Fact]
    public void Reserved_shares_cannot_be_sold_twice()
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Zero) with { Positions = [new Position(Given.No(), Given.Event, null, Size.Shares(10), Usd.Zero)] });
        var sell = Given.Proposal(Purpose.Unwind, orders: Given.Leg(side: Side.Sell, shares: 10));
        Reserve(state, sell);
        Assert.Equal(Size.Zero, state.FreeShares(Given.No()));
        Assert.Equal(NotEnoughShares, RiskEngine.Decide(state, Given.Limits, sell, Given.Noon));
    }

    [Fact]
    public void A_reservation_is_consumed_once()
    {
        var state = Running();
        var id = Reserve(state).Id;
        Assert.Null(state.Consume(id, Given.After(5)));
        Assert.Equal(NotReserved, state.Consume(id, Given.After(5)));
        Assert.True(state.IsBusy(Slot));
    }

    [Fact]
    public void An_expired_reservation_is_gone_and_a_consumed_one_stays()
    {
        var state = Running();
        var (lost, kept) = (Reserve(state).Id, Reserve(state).Id);
        Assert.Null(state.Consume(kept, Given.Noon));
        Assert.Equal(NotReserved, state.Consume(lost, Given.After(5.1)));
        state.Expire(Given.After(5.1));
        Assert.Equal(Usd.Dollars(45), state.Reserved);
    }

    [Fact]
    public void A_new_epoch_ends_what_was_not_consumed()
    {
        var state = Running();
        var (lost, kept) = (Reserve(state).Id, Reserve(state).Id);
        Assert.Null(state.Consume(kept, Given.Noon));
        state.Move(TradingState.Running, 2);
        Assert.Equal(NotReserved, state.Consume(lost, Given.Noon));
        Assert.Equal(Usd.Dollars(45), state.Reserved);
    }

    [Theory]
    [InlineData(TradingState.Paused, NotInThisState)]
    [InlineData(TradingState.Running, Tripped)]
    public void Consuming_asks_again_whether_it_may(TradingState state, Refusal expected)
    {
        var risk = Running();
        var id = Reserve(risk).Id;
        if (state is not TradingState.Running) risk.Move(state, 1);
        risk.TripOn("test");
        Assert.Equal(expected, risk.Consume(id, Given.Noon));
    }

    [Fact]
    public void Nothing_is_known_before_the_gateway_announced_itself()
    {
        var state = new RiskState(1);
        Assert.Equal(Recovering, RiskEngine.Decide(state, Given.Limits, Given.Proposal(), Given.Noon));
        Assert.Equal(Recovering, state.Consume(new ReservationId(1, 1), Given.Noon));
    }

    [Fact]
    public void The_same_gateway_announces_itself_again_and_a_promise_stands()
    {
        var state = Running();
        var (promised, sent) = (Reserve(state).Id, Reserve(state).Id);
        Assert.Null(state.Consume(sent, Given.Noon));

        state.Accept(Given.Announcement(Usd.Dollars(200)));

        Assert.Equal(Given.Proposal().Outlay, state.Reserved); // What was sent is the gateway's to say, and it said nothing.
        Assert.Null(state.Consume(promised, Given.Noon));
    }

    [Fact]
    public void A_new_gateway_replaces_what_was_reserved()
    {
        var state = Running();
        var lost = Reserve(state).Id;
        state.Accept(Given.Announcement(Usd.Dollars(100)) with
        {
            Gateway = state.Gateway + 1,
            Consumed = [new HeldReservation(new ReservationId(0, 7), Given.Event, Usd.Dollars(30), ImmutableDictionary<TokenId, Size>.Empty, new OpenSlot(new BasketId("b-7"), Slot))],
        });
        Assert.Equal((Usd.Dollars(30), Usd.Dollars(70), Usd.Dollars(30)), (state.Reserved, state.FreeCash, state.ExposureIn(Given.Event)));
        Assert.Equal(NotReserved, state.Consume(lost, Given.Noon));
        Assert.Equal(NotReserved, state.Consume(new ReservationId(0, 7), Given.Noon));
        Assert.True(state.IsBusy(Slot));
    }

    [Fact]
    public void Shares_set_aside_are_not_sold_and_shares_promised_are_not_set_aside()
    {
        var state = new RiskState(1);
        var announcement = Given.Announcement(Usd.Zero) with { Positions = [new Position(Given.No(), Given.Event, null, Size.Shares(10), Usd.Zero)] };
        state.Accept(announcement);
        Assert.True(state.SetAside(Aside(1, 6)));
        Assert.Equal(Size.Shares(4), state.FreeShares(Given.No()));
        Assert.False(state.SetAside(Aside(2, 5)));
        Assert.Equal(NotEnoughShares, RiskEngine.Decide(state, Given.Limits, Given.Proposal(Purpose.Unwind, orders: [Given.Leg(side: Side.Sell, shares: 5)]), Given.Noon));

        state.Accept(announcement with { Consumed = [Aside(1, 6)] });
        Assert.True(state.SetAside(Aside(1, 6))); // Told of already: once, not twice.
        Assert.Equal(Size.Shares(4), state.FreeShares(Given.No()));
        state.Accept(announcement);
        Assert.Equal(Size.Shares(10), state.FreeShares(Given.No()));
    }

    [Theory]
    [InlineData(true, false, TradingState.Running)]
    [InlineData(true, false, TradingState.Paused)]
    [InlineData(false, false, TradingState.Safe)]
    [InlineData(false, false, TradingState.Flattening)]
    [InlineData(false, true, TradingState.Running)]
    public void Shares_are_set_aside_only_where_merging_is_allowed(bool expected, bool recovering, TradingState trading)
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Zero, trading, recovering) with { Positions = [new Position(Given.No(), Given.Event, null, Size.Shares(10), Usd.Zero)] });
        Assert.Equal(expected, state.SetAside(Aside(1, 6)));
    }

    private static HeldReservation Aside(long number, long shares) => new(
        new ReservationId(7, number), Given.Event, Usd.Zero, ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Shares(shares)));

    /// <summary>Reserve, consume, settle, release and fail at random; a naive account keeps the books beside it.</summary>
    [Fact]
    public void Money_is_conserved_whatever_happens()
    {
        for (var seed = 1; seed <= 200; seed++) Simulate(seed);
    }

    private static void Simulate(int seed)
    {
        var random = new Random(seed);
        var state = Running(1_000);
        MarketId[] markets = [Given.Event, Elsewhere];
        state.Take(Marks([.. markets.Select(market => new TokenId(market.Text))]));
        var live = new List<(Reservation Reservation, BasketId Basket, MarketId Market, long Left)>();
        var trades = new List<Settlement>();
        var open = new Dictionary<string, (MarketId Market, long Cents, TradeStatus Status)>(); // The naive account.
        for (var step = 0; step < 120; step++)
        {
            switch (random.Next(5))
            {
                case 0:
                    var market = markets[random.Next(2)];
                    var proposal = Given.Proposal(market: market, orders: Given.Leg(cents: random.Next(100, 9_000), shares: 10)) with { Id = new BasketId($"b-{step}") };
                    if (RiskEngine.Decide(state, Given.Limits, proposal, Given.Noon) is not null) break;
                    var reservation = state.Reserve(proposal, Given.Noon, TimeSpan.FromSeconds(5));
                    if (random.Next(4) > 0 && state.Consume(reservation.Id, Given.Noon) is null) live.Add((reservation, proposal.Id, market, proposal.Outlay.Micros / 10_000));
                    else state.Release(reservation.Id);
                    break;

                case 1 when live.Count > 0:
                    var at = random.Next(live.Count);
                    var spent = random.NextInt64(live[at].Left + 1);
                    trades.Add(new Settlement(
                        Given.Fill($"t{step}", TradeStatus.Matched, shares: 10, cents: spent), new BasketId("b-1"), live[at].Market, Given.Condition().Id,
                        new TokenId(live[at].Market.Text), Side.Buy, live[at].Reservation.Id));
                    live[at] = live[at] with { Left = live[at].Left - spent };
                    Tell(trades[^1]);
                    break;

                case 2 when trades.Count > 0:
                    var trade = trades[random.Next(trades.Count)];
                    TradeStatus[] next = [TradeStatus.Matched, TradeStatus.Mined, TradeStatus.Confirmed, TradeStatus.Failed];
                    if (open[trade.Fill.Trade.Text].Status is TradeStatus.Confirmed or TradeStatus.Failed) next = next[..2];
                    Tell(trade with { Fill = trade.Fill with { Status = next[random.Next(next.Length)] } });
                    break;

                case 3 when live.Count > 0:
                    var done = random.Next(live.Count);
                    state.Release(live[done].Reservation.Id);
                    state.FreeSlot(live[done].Basket);
                    live.RemoveAt(done);
                    break;
            }

            var counted = open.Values.Where(item => item.Status is not TradeStatus.Failed).ToArray();
            Assert.True(state.Cash == Usd.Dollars(1_000) - Usd.Cents(counted.Sum(item => item.Cents)), $"seed {seed} step {step}: cash {state.Cash}");
            Assert.True(state.Reserved == Usd.Cents(live.Sum(item => item.Left)), $"seed {seed} step {step}: reserved {state.Reserved}");
            Assert.True(state.FreeCash >= Usd.Zero, $"seed {seed} step {step}: spent what was not there");
            Assert.True(state.Cash + state.Exposure - state.Reserved == Usd.Dollars(1_000), $"seed {seed} step {step}: money appeared or vanished");
            foreach (var market in markets)
            {
                var cost = counted.Where(item => item.Market == market).Sum(item => item.Cents) + live.Where(item => item.Market == market).Sum(item => item.Left);
                Assert.True(state.ExposureIn(market) == Usd.Cents(cost), $"seed {seed} step {step}: exposure in {market}");
            }

            Assert.True(state.Exposure == state.ExposureIn(markets[0]) + state.ExposureIn(markets[1]), $"seed {seed} step {step}: exposure");
        }

        void Tell(Settlement settlement)
        {
            var (id, status) = (settlement.Fill.Trade.Text, settlement.Fill.Status);
            var isFinal = open.TryGetValue(id, out var known) && known.Status is TradeStatus.Confirmed or TradeStatus.Failed;
            if (!isFinal) open[id] = (settlement.Market, settlement.Fill.Amount.Micros / 10_000, status);
            for (var repeat = random.Next(1, 3); repeat > 0; repeat--) state.Settle(settlement);
        }
    }

    private static BasketSlot Slot => new(Given.Event, null);

    private static HeldReservation Placed(long number, int orders) => new(
        new ReservationId(7, number), Elsewhere, Usd.Zero, ImmutableDictionary<TokenId, Size>.Empty,
        Orders: [.. Enumerable.Repeat(Given.Condition().Id, orders)]);

    private static MarketMark Marks(TokenId[] tokens) =>
        new(Given.Event, Given.Noon, null, false, [.. tokens.Select(token => new TokenMark(token, Price.Cents(40)))], 0, 0);

    private static RiskState Running(long dollars = 200)
    {
        var state = new RiskState(1);
        state.Accept(Given.Announcement(Usd.Dollars(dollars)));
        return state;
    }

    private static Reservation Reserve(RiskState state, Proposal? proposal = null) => state.Reserve(proposal ?? Given.Proposal(), Given.Noon, TimeSpan.FromSeconds(5));
}
