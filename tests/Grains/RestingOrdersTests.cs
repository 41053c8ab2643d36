using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Quotes;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Tests.Domain;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>The gateway's clocks: 15 s to live, 1.2 s at the least, 5 cancels a second of one condition.</summary>
public class RestingOrdersTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_quote_goes_out_post_only_and_with_an_end_of_its_own_at_the_venue()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Quoted(cluster, "q-1");

        var sent = await cluster.Venue.NextSend(Cancellation);

        Assert.All(sent, order => Assert.True(order.Intent.Order.PostOnly));
        var seconds = sent.Select(order => order.Intent.ExpirationSeconds - order.Intent.TimestampMs / 1_000).ToArray();
        Assert.All(seconds, left => Assert.InRange(left, 180 + 9, 180 + 10)); // The venue's least, and ten seconds for a clock that is off.
    }

    [Theory]
    [InlineData(15, 190)] // The venue's least is three minutes.
    [InlineData(119, 190)]
    [InlineData(600, 670)] // It takes an order a minute before its expiration.
    public void The_venue_ends_an_order_no_earlier_than_we_would(int ttl, long seconds)
    {
        var rules = new RestingRules(TimeSpan.FromSeconds(ttl), TimeSpan.Zero, CancelsPerSecond: 1);
        Assert.Equal(Given.Noon.Micros / 1_000_000 + seconds, rules.ExpirationOf(OrderType.Gtd, Given.Noon));
        Assert.Equal(0, rules.ExpirationOf(OrderType.Fak, Given.Noon));
        Assert.Equal(0, rules.ExpirationOf(OrderType.Gtc, Given.Noon));
    }

    [Fact]
    public async Task A_cancel_goes_out_although_the_disk_does_not_take_the_fact_of_it()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");
        cluster.Journal.Fails = fact => fact is Fact.CancelRequested;

        var pulled = await cluster.Gateway.Pull(Given.Event, [orders[0]], "not proven", isUrgent: true);

        Assert.Equal(orders[0], Assert.Single(pulled.Canceling));
        Assert.Equal([orders[0]], await cluster.Venue.NextCancel(Cancellation));
    }

    [Fact]
    public async Task A_young_order_is_kept_unless_it_is_urgent()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");

        var kept = await cluster.Gateway.Pull(Given.Event, [orders[0]], "off its price", isUrgent: false);
        Assert.Equal((0, orders[0]), (kept.Canceling.Length, Assert.Single(kept.Kept)));
        Assert.Empty(cluster.Journal.Facts.OfType<Fact.CancelRequested>());

        var urgent = await cluster.Gateway.Pull(Given.Event, [orders[0]], "not proven", isUrgent: true);
        Assert.Equal((orders[0], 0), (Assert.Single(urgent.Canceling), urgent.Kept.Length));
        Assert.Equal([orders[0]], await cluster.Venue.NextCancel(Cancellation));
    }

    [Fact]
    public async Task A_cancel_is_a_fact_before_it_is_sent_and_its_order_ends_with_all_that_matched()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");
        var intent = cluster.Journal.Facts.OfType<Fact.BasketOpened>().Single().Orders[0].Intent;
        cluster.Venue.Known[orders[0]] = new VenueOrder(
            orders[0], intent.Order.Condition, intent.Order.Token, Side.Buy, OrderType.Gtd, intent.Order.Limit, Size.Shares(20), Size.Shares(7),
            VenueOrderStatus.Canceled, Given.Noon);
        cluster.Time.Shift(TimeSpan.FromMilliseconds(1_200));

        await cluster.Gateway.Pull(Given.Event, [orders[0]], "off its price", isUrgent: false);

        await cluster.Venue.NextCancel(Cancellation);
        var request = Assert.Single(cluster.Journal.Facts.OfType<Fact.CancelRequested>());
        Assert.Equal(("off its price", false), (request.Why, request.IsUrgent));
        await Until(cluster, news => news.Single(order => order.Id == orders[0]) is { IsClosed: true });
        var ended = (await cluster.Gateway.News(Given.Event)).Baskets[0].Orders[0];
        Assert.Equal((Size.Shares(7), false), (ended.Matched, ended.IsSettled)); // The trades are still to come.

        var again = await cluster.Gateway.Pull(Given.Event, [orders[0]], "off its price", isUrgent: false);
        Assert.Equal((orders[0], 0), (Assert.Single(again.Canceling), again.Kept.Length)); // It is gone, which the desk has yet to hear.
        Assert.Single(cluster.Journal.Facts.OfType<Fact.CancelRequested>());
    }

    [Fact]
    public async Task More_cancels_of_one_condition_than_the_cap_wait_but_urgent_ones_do_not()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.IgnoresCancels = true;
        var orders = ImmutableArray<OrderId>.Empty;
        for (var i = 0; i < 4; i++) orders = orders.AddRange(await Quoted(cluster, $"q-{i}", slot: i));
        var others = await Quoted(cluster, "q-9", condition: 1);
        cluster.Time.Shift(TimeSpan.FromSeconds(2));

        var pulled = await cluster.Gateway.Pull(Given.Event, [.. orders, others[0]], "off its price", isUrgent: false);
        Assert.Equal(orders.Take(5).Append(others[0]), pulled.Canceling);
        Assert.Equal(orders.Skip(5), pulled.Kept);

        var urgent = await cluster.Gateway.Pull(Given.Event, [orders[5]], "not proven", isUrgent: true);
        Assert.Equal([orders[5]], urgent.Canceling);
        Assert.Equal([orders[6]], (await cluster.Gateway.Pull(Given.Event, [orders[6]], "off its price", isUrgent: false)).Kept);
    }

    [Fact]
    public async Task What_has_rested_long_enough_is_cancelled_by_the_gateway_itself_and_again_until_it_ends()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.IgnoresCancels = true;
        var orders = await Quoted(cluster, "q-1");
        cluster.Time.Shift(TimeSpan.FromSeconds(15));

        Assert.Equal(orders, (await cluster.Venue.NextCancel(Cancellation)).OrderBy(order => order.Text));
        cluster.Venue.IgnoresCancels = false;
        cluster.Time.Shift(TimeSpan.FromSeconds(1));
        Assert.Equal(orders, (await cluster.Venue.NextCancel(Cancellation)).OrderBy(order => order.Text));

        await Until(cluster, news => news.All(order => order.IsClosed));
        Assert.Equal("its time is over", Assert.Single(cluster.Journal.Facts.OfType<Fact.CancelRequested>()).Why); // One request, however often it was sent.
    }

    [Fact]
    public async Task A_disputed_order_that_may_rest_is_cancelled_like_any_other_and_its_money_is_free_then()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");
        await cluster.Gateway.Observe([new OrderEvent.Rejected(orders[0], "no")]);
        Assert.Equal(1, (await cluster.Gateway.Status()).UnresolvedOrders);
        cluster.Time.Shift(TimeSpan.FromSeconds(15));

        Assert.Equal(orders, (await cluster.Venue.NextCancel(Cancellation)).OrderBy(order => order.Text));
        await Until(cluster, news => news.All(order => order.IsClosed));

        Assert.Equal(OrderState.Disputed, (await cluster.Gateway.Orders()).Single(order => order.Id == orders[0]).Status);
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.ErrorNoted { What: "Disputed: Rejected while Live" });
        Assert.Equal(0, (await cluster.Gateway.Status()).UnresolvedOrders);
        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
    }

    /// <summary>The venue cancelled it and does not say what had matched before: it has not ended, and its money stays aside.</summary>
    [Fact]
    public async Task An_order_whose_last_word_cannot_be_read_has_not_ended()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.IsBlind = true;
        var orders = await Quoted(cluster, "q-1");
        await cluster.Gateway.Pull(Given.Event, [orders[0]], "not proven", isUrgent: true);
        await cluster.Venue.NextCancel(Cancellation);
        cluster.Time.Shift(TimeSpan.FromSeconds(1));
        Assert.Equal([orders[0]], await cluster.Venue.NextCancel(Cancellation)); // Asked again, so the first answer has been looked at.
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.OrderChanged { News: OrderEvent.Canceled });

        cluster.Venue.IsBlind = false;
        cluster.Time.Shift(TimeSpan.FromSeconds(1));
        await Until(cluster, news => news.Single(order => order.Id == orders[0]).IsClosed);
    }

    /// <summary>Such a read is older than the cancel, and may be older than what matched before it.</summary>
    [Fact]
    public async Task A_read_that_still_shows_it_resting_is_not_its_last_word()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");
        cluster.Venue.Known[orders[0]] = Read(Size.Zero, VenueOrderStatus.Live);
        await cluster.Gateway.Pull(Given.Event, [orders[0]], "not proven", isUrgent: true);
        await cluster.Venue.NextCancel(Cancellation);
        cluster.Time.Shift(TimeSpan.FromSeconds(1));
        Assert.Equal([orders[0]], await cluster.Venue.NextCancel(Cancellation)); // Asked again, so the first answer has been looked at.
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.OrderChanged { News: OrderEvent.Canceled });

        cluster.Venue.Known[orders[0]] = Read(Size.Shares(2), VenueOrderStatus.Canceled);
        cluster.Time.Shift(TimeSpan.FromSeconds(1));
        await Until(cluster, news => news.Single(order => order.Id == orders[0]) is { IsClosed: true, Matched: var matched } && matched == Size.Shares(2));

        VenueOrder Read(Size matched, VenueOrderStatus status)
        {
            var leg = Quote("q-1").Orders[0];
            return new VenueOrder(orders[0], leg.Condition, leg.Token, leg.Side, leg.Type, leg.Limit, leg.Shares, matched, status, Given.Noon);
        }
    }

    /// <summary>What it holds is not over: a trade of it that nobody has seen yet will cost what was given back.</summary>
    [Fact]
    public async Task Money_that_was_given_back_is_set_aside_again_when_more_is_said_to_have_matched()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");
        foreach (var order in orders)
        {
            await cluster.Gateway.Observe([
                new OrderEvent.Filled(Given.Fill($"t-{order.Text}", TradeStatus.Matched, shares: 2, cents: 96, order: order.Text)), new OrderEvent.Matched(order, Size.Shares(2), IsFinal: false),
                new OrderEvent.Canceled(order, "by hand"),
            ]);
        }

        await Until(async () => (await cluster.Portfolio.View()).Reserved == Usd.Zero);
        await cluster.Gateway.Observe([new OrderEvent.Matched(orders[0], Size.Shares(5), IsFinal: true)]);

        await Until(async () => (await cluster.Portfolio.View()).Reserved > Usd.Zero);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pause_cancels_what_rests_only_where_that_is_configured(bool pauseCancels)
    {
        await using var cluster = await ScriptedCluster.Start(pauseCancels);
        var orders = await Quoted(cluster, "q-1");

        Assert.True((await cluster.Gateway.Pause("test", "look")).IsDone);

        var requests = cluster.Journal.Facts.OfType<Fact.CancelRequested>().ToArray();
        Assert.Equal(pauseCancels ? orders : [], requests.SelectMany(request => request.Orders).OrderBy(order => order.Text));
        Assert.All(requests, request => Assert.True(request.IsUrgent));
    }

    [Fact]
    public async Task What_the_venue_cancelled_while_it_did_not_hear_us_has_ended_and_the_rest_is_left_alone()
    {
        await using var cluster = await ScriptedCluster.Start();
        var orders = await Quoted(cluster, "q-1");
        await Until(() => Task.FromResult(cluster.Venue.Beats > 0));
        cluster.Venue.Unheard = new VenueFailure.Down("refused");
        cluster.Venue.Forget([orders[0]]);
        cluster.Time.Shift(TimeSpan.FromSeconds(11));
        await Until(async () => await cluster.Gateway.Status() is { Recovering: false, Venue: "new orders rest: the venue does not hear that we live" });
        var quote = Quote("q-2") with { Purpose = Purpose.Quote, SeenAt = cluster.Time.Now(), ReceivedAt = cluster.Time.Now() };
        Assert.Equal(Refusal.Unheard, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(quote, await cluster.Reserved(quote))).Reason);

        cluster.Venue.Unheard = null;
        cluster.Time.Shift(TimeSpan.FromSeconds(1)); // To the next beat.

        await Until(async () => (await cluster.Gateway.Status()).Venue.Length == 0);
        var states = (await cluster.Gateway.Orders()).ToDictionary(order => order.Id, order => (order.Status, order.Note));
        Assert.Equal(OrderState.Canceled, states[orders[0]].Status);
        Assert.Contains(states[orders[0]].Note, (string[])["the venue heard no heartbeat", "the venue no longer knows it"]); // Whichever is found first.
        Assert.Equal((OrderState.Live, ""), states[orders[1]]);
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(quote, await cluster.Reserved(quote)));
    }

    [Fact]
    public async Task A_quote_is_put_out_again_only_while_running_and_takes_no_slot()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Quoted(cluster, "q-1");
        var again = Quote("q-1") with { Purpose = Purpose.Quote, Basket = null, Orders = [Quote("q-1").Orders[0] with { Attempt = 1 }] };

        Assert.Null(again.Opens);
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(again, await cluster.Reserved(again)));
        Assert.Equal(Purpose.Quote, Assert.Single(cluster.Journal.Facts.OfType<Fact.ClosingOrderPlaced>()).Order.Intent.Purpose);

        await cluster.Gateway.Pause("test", "look");
        Assert.Equal(Refusal.NotInThisState, Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(again)).Reason);
    }

    /// <summary>Both sides rest; their ids in order.</summary>
    private static async Task<ImmutableArray<OrderId>> Quoted(ScriptedCluster cluster, string id, int condition = 0, int slot = 0)
    {
        cluster.Venue.Answer.TrySetResult(true);
        var proposal = Quote(id, condition);
        if (slot > 0) proposal = proposal with { Purpose = Purpose.Quote }; // Beside the first one, in no slot.
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
        await Until(cluster, news => news.Where(order => order.Id.Text.StartsWith($"{id}/", StringComparison.Ordinal)).All(order => order.State is OrderState.Live));
        return [.. (await cluster.Gateway.News(Given.Event)).Baskets.Single(open => open.Basket.Id.Text == id).Orders.Select(order => order.Id)];
    }

    private static Proposal Quote(string id, int condition = 0)
    {
        ImmutableArray<LegOrder> legs = [Leg(Outcome.Yes, 0), Leg(Outcome.No, 1)];
        return ScriptedCluster.Proposal(id) with
        {
            Orders = legs,
            Basket = Given.Basket(BasketKind.Pair, id: id) with { Style = BasketStyle.Maker, Legs = legs, Quantity = Size.Shares(5) },
        };

        LegOrder Leg(Outcome outcome, int leg) => QuoteKeeper.Order(Given.Condition(condition), outcome, leg, 0, Price.Cents(48), Size.Shares(5));
    }

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds()) await Task.Delay(5, deadline.Token);
    }

    private static async Task Until(ScriptedCluster cluster, Func<IEnumerable<LegNews>, bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!holds((await cluster.Gateway.News(Given.Event)).Baskets.SelectMany(open => open.Orders))) deadline.Token.ThrowIfCancellationRequested();
    }
}
