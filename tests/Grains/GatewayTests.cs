using System.Collections.Immutable;
using Orleans.Core.Internal;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using Xunit;

namespace PolyArb.Tests.Grains;

/// <summary>The last door before the wire: what may pass, when, and what a stop promises.</summary>
public class GatewayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_sent_is_in_the_journal_first()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();

        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));

        var sent = await cluster.Venue.NextSend(Cancellation);
        var opened = Assert.Single(cluster.Journal.Facts.OfType<Fact.BasketOpened>());
        Assert.Equal(sent.Select(order => order.Id), opened.Orders.Select(order => order.Id));
    }

    [Fact]
    public async Task A_kill_is_acknowledged_only_when_the_send_in_flight_has_its_answer()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Venue.NextSend(Cancellation);

        var kill = cluster.Gateway.Kill("test", "now");
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State); // In force before it is acknowledged.
        Assert.Equal((false, 0), (kill.IsCompleted, cluster.Venue.OpenReads)); // It waits for the answer before it looks.
        cluster.Venue.Answer.SetResult(true);

        var answer = await kill;
        Assert.True(answer.IsDone, answer.Text);
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.OrderChanged { News: OrderEvent.Matched });
    }

    [Fact]
    public async Task What_was_approved_before_a_kill_is_not_sent_after_it()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        var reservation = await cluster.Reserved(proposal);
        await cluster.Gateway.Kill("test", "now");

        Assert.Equal(Refusal.NotReserved, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(proposal, reservation)).Reason);
        Assert.Equal(0, cluster.Venue.Sends);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_stop_that_comes_while_the_journal_writes_keeps_the_order_off_the_wire(bool kill)
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Waits = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();
        var submit = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Journal.Waiting.Task;

        var stop = kill ? cluster.Gateway.Kill("test", "now") : cluster.Gateway.Pause("test", "now");
        Assert.NotEqual(TradingState.Running, (await cluster.Gateway.Status()).State);
        cluster.Journal.Open();

        Assert.IsType<DeskInput.Unknown>(await submit);
        Assert.True((await stop).IsDone);
        Assert.Equal(0, cluster.Venue.Sends);
        Assert.All(await cluster.Gateway.Orders(), order => Assert.Equal((OrderState.Rejected, "not sent: stopped"), (order.Status, order.Note)));
        Assert.Equal(Usd.Zero, (await cluster.Portfolio.View()).Reserved);
    }

    [Fact]
    public async Task A_kill_beats_the_resume_it_overtakes_also_after_a_restart()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Pause("test", "first");
        cluster.Journal.Waits = fact => fact is Fact.StateChanged { To: TradingState.Running };
        var resume = cluster.Gateway.Resume("test", "on");
        await cluster.Journal.Waiting.Task;

        var kill = cluster.Gateway.Kill("test", "now");
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
        cluster.Journal.Open();

        Assert.False((await resume).IsDone);
        Assert.True((await kill).IsDone);
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
        Assert.Equal(TradingState.Safe, cluster.Journal.Facts.OfType<Fact.StateChanged>().Last().To);
    }

    [Fact]
    public async Task A_pause_beats_the_resume_it_overtakes_although_it_is_paused_already()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Pause("test", "first");
        cluster.Journal.Waits = fact => fact is Fact.StateChanged { To: TradingState.Running };
        var resume = cluster.Gateway.Resume("test", "on");
        await cluster.Journal.Waiting.Task;

        var pause = cluster.Gateway.Pause("test", "no");
        cluster.Journal.Open();

        Assert.False((await resume).IsDone);
        Assert.True((await pause).IsDone);
        Assert.Equal(TradingState.Paused, (await cluster.Gateway.Status()).State);
        Assert.Equal(TradingState.Paused, cluster.Journal.Facts.OfType<Fact.StateChanged>().Last().To);
    }

    [Fact]
    public async Task A_kill_asks_until_open_orders_were_read_empty_twice_running()
    {
        await using var cluster = await ScriptedCluster.Start();
        var empty = new VenueAnswer<ImmutableArray<VenueOrder>>.Ok([]);
        cluster.Venue.Open.Enqueue(empty);
        cluster.Venue.Open.Enqueue(new VenueAnswer<ImmutableArray<VenueOrder>>.Unavailable(new VenueFailure.Down("busy")));
        cluster.Venue.Open.Enqueue(empty);

        Assert.True((await cluster.Gateway.Kill("test", "now")).IsDone);

        Assert.Equal(4, cluster.Venue.OpenReads); // Empty, unknown, empty, empty.
        Assert.True(cluster.Venue.CancelAlls >= 4);
    }

    [Fact]
    public async Task A_kill_cancels_at_the_venue_while_the_journal_is_stuck()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Waits = fact => fact is Fact.StateChanged { To: TradingState.Safe };

        var kill = cluster.Gateway.Kill("test", "now");
        await cluster.Journal.Waiting.Task;
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (cluster.Venue.OpenReads < 2)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        cluster.Journal.Open();

        Assert.True((await kill).IsDone);
    }

    [Fact]
    public async Task A_kill_beats_the_pause_out_of_safe_that_it_overtakes()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Kill("test", "now");
        cluster.Journal.Waits = fact => fact is Fact.StateChanged { To: TradingState.Paused };
        var pause = cluster.Gateway.Pause("test", "look");
        await cluster.Journal.Waiting.Task;

        var kill = cluster.Gateway.Kill("test", "again");
        cluster.Journal.Open();

        Assert.False((await pause).IsDone);
        var answer = await kill;
        Assert.True(answer.IsDone, answer.Text);
        Assert.Equal((TradingState.Safe, answer.Epoch), ((await cluster.Gateway.Status()).State, (await cluster.Gateway.Status()).Epoch));
        Assert.Equal(TradingState.Safe, cluster.Journal.Facts.OfType<Fact.StateChanged>().Last().To);
    }

    [Fact]
    public async Task Out_of_safe_a_pause_is_durable_before_it_is_true()
    {
        await using var cluster = await ScriptedCluster.Start();
        await cluster.Gateway.Kill("test", "now");
        cluster.Journal.Fails = fact => fact is Fact.StateChanged { To: TradingState.Paused };

        var answer = await cluster.Gateway.Pause("test", "look");

        Assert.False(answer.IsDone);
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
    }

    [Fact]
    public async Task A_stop_that_cannot_be_written_is_still_a_stop_and_says_so()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = fact => fact is Fact.StateChanged;

        var answer = await cluster.Gateway.Kill("test", "now");

        Assert.False(answer.IsDone);
        Assert.Contains("NOT durable: disk full", answer.Text, StringComparison.Ordinal);
        Assert.Equal(TradingState.Safe, (await cluster.Gateway.Status()).State);
        Assert.IsType<RiskDecision.Refused>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal()));
    }

    [Fact]
    public async Task What_the_journal_refuses_is_not_sent_and_its_money_is_free_again()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = fact => fact is Fact.BasketOpened;
        var proposal = ScriptedCluster.Proposal();

        var answer = await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));

        Assert.Equal(Refusal.NotSent, Assert.IsType<DeskInput.Refused>(answer).Reason);
        Assert.Equal((0, Usd.Zero), (cluster.Venue.Sends, (await cluster.Portfolio.View()).Reserved));
        Assert.IsType<RiskDecision.Approved>(await cluster.Portfolio.Reserve(ScriptedCluster.Proposal("b-2")));
    }

    [Fact]
    public async Task A_portfolio_that_is_told_everything_while_money_is_given_back_does_not_reserve_it_again()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Journal.Fails = fact => fact is Fact.BasketOpened;
        cluster.Calls.Hold(nameof(IPortfolioGrain.Release));
        var proposal = ScriptedCluster.Proposal();
        var answer = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Calls.Held.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        await cluster.Portfolio.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await cluster.Reservable();

        Assert.Equal(Usd.Zero, (await cluster.Portfolio.View()).Reserved);
        cluster.Calls.LetGo();
        Assert.IsType<DeskInput.Refused>(await answer);
    }

    [Fact]
    public async Task Money_that_is_just_being_consumed_is_in_what_a_portfolio_is_told()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Calls.Hold(nameof(IPortfolioGrain.Consume));
        var proposal = ScriptedCluster.Proposal();
        var answer = cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Calls.Held.WaitAsync(TimeSpan.FromSeconds(20), Cancellation);

        await cluster.Portfolio.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await cluster.Reservable();

        Assert.Equal(proposal.Outlay, (await cluster.Portfolio.View()).Reserved);
        cluster.Calls.LetGo();
        Assert.Equal(Refusal.NotReserved, Assert.IsType<DeskInput.Refused>(await answer).Reason); // Of the portfolio before: never sent, and free again.
        Assert.Equal((0, Usd.Zero), (cluster.Venue.Sends, (await cluster.Portfolio.View()).Reserved));
    }

    [Fact]
    public async Task A_proposal_that_comes_again_is_not_sent_again()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
        var again = proposal with { Purpose = Purpose.Complete, Basket = null }; // As a desk that lost the answer may ask.

        var answer = await cluster.Gateway.Submit(again, await cluster.Reserved(again));

        Assert.Equal(Refusal.AlreadyPlaced, Assert.IsType<DeskInput.Refused>(answer).Reason);
        Assert.Equal(1, cluster.Venue.Sends);
    }

    [Fact]
    public async Task Silence_releases_nothing_and_a_new_portfolio_is_told_of_it()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Answer.SetResult(false);
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await cluster.Gateway.Pause("test", "drained by the pause's own fact");
        await UntilAnswered(cluster);
        Assert.Equal(proposal.Outlay, (await cluster.Portfolio.View()).Reserved);

        await cluster.Portfolio.AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancellation);
        await cluster.Reservable();

        Assert.Equal(proposal.Outlay, (await cluster.Portfolio.View()).Reserved);
        Assert.Equal(2, (await cluster.Gateway.Status()).UnresolvedOrders);
    }

    [Fact]
    public async Task What_a_stop_has_left_is_cancelled_again_while_the_portfolio_hangs()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Answer.SetResult(false);
        var proposal = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));
        await UntilAnswered(cluster);
        cluster.Venue.IgnoresCancels = true; // Else the first one would be the last.
        cluster.Calls.Hold(nameof(IPortfolioGrain.Check));
        await cluster.Calls.Held;

        Assert.False((await cluster.Gateway.Kill("test", "now")).IsDone); // It names what nobody answered for,

        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(2, (await cluster.Venue.NextCancel(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation)).Length); // and goes on cancelling it.
            cluster.Time.Shift(TimeSpan.FromSeconds(1));
        }

        cluster.Calls.LetGo();
    }

    [Fact]
    public async Task A_stop_that_fails_ends_the_silo_all_the_same_and_the_next_one_is_another()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Breaks = new InvalidDataException("no gzip");

        await Assert.ThrowsAnyAsync<Exception>(() => cluster.Gateway.Stop("test", "now"));

        Assert.Equal(1, cluster.Shutdown.Requests);
        cluster.Venue.Breaks = null;
        Assert.True((await cluster.Gateway.Stop("test", "again")).IsDone);
    }

    /// <summary>A trade that fails between the news and the decision made from it must not be locked in.</summary>
    [Fact]
    public async Task A_lock_or_a_close_by_older_news_does_nothing()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Answer.SetResult(true);
        var proposal = ScriptedCluster.Proposal();
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
        await UntilAnswered(cluster);
        var version = (await cluster.Gateway.News(proposal.Market)).Version;

        await cluster.Gateway.Lock(proposal.Id, proposal.Market, version - 1, Size.Shares(100), Usd.Dollars(100));
        await cluster.Gateway.CloseBasket(proposal.Id, proposal.Market, version - 1, new BasketResult(BasketEnd.Held, Size.Zero, Usd.Zero, Usd.Zero, ""));
        Assert.False(Assert.Single((await cluster.Gateway.News(proposal.Market)).Baskets).IsLocked);

        await cluster.Gateway.Lock(proposal.Id, proposal.Market, version, Size.Shares(100), Usd.Dollars(100));
        Assert.True(Assert.Single((await cluster.Gateway.News(proposal.Market)).Baskets).IsLocked);
        Assert.Single(cluster.Journal.Facts.OfType<Fact.BasketLocked>());
        Assert.Empty(cluster.Journal.Facts.OfType<Fact.BasketClosed>());
    }

    [Fact]
    public async Task After_a_429_its_money_is_free_and_the_next_order_is_kept_back_with_its_money_free_too()
    {
        await using var cluster = await ScriptedCluster.Start();
        cluster.Venue.Failure = new VenueFailure.RetryAfter(TimeSpan.FromMinutes(5), "HTTP 429: Too Many Requests");
        cluster.Venue.Answer.SetResult(true);
        var proposal = ScriptedCluster.Proposal();

        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal)));
        await UntilAnswered(cluster);

        Assert.All(await cluster.Gateway.Orders(), order => Assert.Equal((OrderState.Rejected, "HTTP 429: Too Many Requests"), (order.Status, order.Note)));
        Assert.Equal(Usd.Zero, (await cluster.Portfolio.View()).Reserved);
        var version = (await cluster.Gateway.News(proposal.Market)).Version;
        await cluster.Gateway.CloseBasket(proposal.Id, proposal.Market, version, new BasketResult(BasketEnd.Unfilled, Size.Zero, Usd.Zero, Usd.Zero, ""));

        var next = ScriptedCluster.Proposal("b-2");
        var reservation = await cluster.Reserved(next);
        var consumed = cluster.Calls.Count(nameof(IPortfolioGrain.Consume));
        Assert.Equal(Refusal.VenueRests, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(next, reservation)).Reason);
        Assert.Equal((1, Usd.Zero), (cluster.Venue.Sends, (await cluster.Portfolio.View()).Reserved));
        Assert.Equal("orders rest: HTTP 429: Too Many Requests", (await cluster.Gateway.Status()).Venue);
        Assert.Equal(consumed, cluster.Calls.Count(nameof(IPortfolioGrain.Consume)));

        await cluster.Sleep(TimeSpan.FromMinutes(5));
        cluster.Venue.Failure = null;
        await Until(async () => (await cluster.Gateway.Status()).Venue.Length == 0); // It hears that we live, after five minutes.
        var later = ScriptedCluster.Proposal("b-3") with { SeenAt = cluster.Time.Now(), ReceivedAt = cluster.Time.Now() };
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(later, await cluster.Reserved(later)));
        await UntilAnswered(cluster);
        Assert.Equal((2, ""), (cluster.Venue.Sends, (await cluster.Gateway.Status()).Venue));
    }

    [Fact]
    public async Task An_order_that_was_journaled_when_the_venue_asked_for_a_rest_is_not_sent()
    {
        await using var cluster = await ScriptedCluster.Start();
        var first = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(first, await cluster.Reserved(first));
        cluster.Journal.Waits = fact => fact is Fact.ClosingOrderPlaced;
        var second = first with { Purpose = Purpose.Complete, Basket = null, Orders = [first.Orders[0] with { Attempt = 1 }] };
        var submit = cluster.Gateway.Submit(second, await cluster.Reserved(second));
        await cluster.Journal.Waiting.Task;

        cluster.Venue.Failure = new VenueFailure.Unauthorized("HTTP 401");
        cluster.Venue.Answer.SetResult(true);
        await Until(async () => (await cluster.Gateway.Status()).Venue.Length > 0);
        cluster.Journal.Open();

        Assert.IsType<DeskInput.Unknown>(await submit);
        Assert.Equal(1, cluster.Venue.Sends);
        await Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is OrderState.Rejected));
        Assert.Contains(await cluster.Gateway.Orders(), order => order.Note == "not sent: orders rest: HTTP 401");
    }

    [Fact]
    public async Task A_kill_ends_the_wait_for_the_rate_limits_and_nothing_was_promised_or_written()
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { Pace = its.Pace with { PostBurst = new(2, TimeSpan.FromSeconds(20)) } });
        var first = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(first, await cluster.Reserved(first));
        cluster.Venue.Answer.SetResult(true);
        var second = first with { Purpose = Purpose.Complete, Basket = null, Orders = [first.Orders[0] with { Attempt = 1 }] };
        var consumed = cluster.Calls.Count(nameof(IPortfolioGrain.Consume));
        var waiting = cluster.Gateway.Submit(second, await cluster.Reserved(second)); // For ten seconds.
        await UntilAnswered(cluster);
        Assert.False(waiting.IsCompleted);

        Assert.True((await cluster.Gateway.Kill("test", "now")).IsDone);

        Assert.Equal(Refusal.NotInThisState, Assert.IsType<DeskInput.Refused>(await waiting.WaitAsync(TimeSpan.FromSeconds(5), Cancellation)).Reason);
        Assert.Equal((1, consumed), (cluster.Venue.Sends, cluster.Calls.Count(nameof(IPortfolioGrain.Consume))));
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.ClosingOrderPlaced);
    }

    [Fact]
    public async Task A_basket_that_was_asked_for_under_another_id_is_refused_until_the_first_has_ended()
    {
        await using var cluster = await ScriptedCluster.Start();
        var first = ScriptedCluster.Proposal();
        await cluster.Gateway.Submit(first, await cluster.Reserved(first));
        var again = ScriptedCluster.Proposal("b-2") with { Purpose = Purpose.Quote };
        var reservation = await cluster.Reserved(again); // As if the portfolio had forgotten the first one's slot.

        Assert.Equal(Refusal.Duplicate, Assert.IsType<DeskInput.Refused>(await cluster.Gateway.Submit(again with { Purpose = Purpose.Open }, reservation)).Reason);
        Assert.Equal(Usd.Dollars(90), (await cluster.Portfolio.View()).Reserved); // The first one's.

        cluster.Venue.Failure = new VenueFailure.Rejected(RejectCode.Unknown, "no");
        cluster.Venue.Answer.SetResult(true);
        await UntilAnswered(cluster);
        var anew = await cluster.Reserved(again);
        Assert.IsType<DeskInput.Sent>(await cluster.Gateway.Submit(again with { Purpose = Purpose.Open }, anew)); // What was refused is in nobody's way.
    }

    /// <summary>A venue that takes connections and answers nothing, from the start.</summary>
    [Fact]
    public async Task Every_verb_answers_while_the_venue_never_does()
    {
        await using var cluster = await ScriptedCluster.Start(isBlackHoled: true, rules: its => its with { AckTimeout = TimeSpan.FromSeconds(2) });
        await Until(() => Task.FromResult(cluster.Calls.Count(nameof(IPortfolioGrain.Check)) >= 3)); // The venue was asked meanwhile.

        var status = await cluster.Gateway.Status().WaitAsync(TimeSpan.FromSeconds(5), Cancellation);
        Assert.True(status.Recovering);
        Assert.Empty(await cluster.Gateway.Orders().WaitAsync(TimeSpan.FromSeconds(5), Cancellation));
        Assert.Equal(Refusal.Recovering, Assert.IsType<DeskInput.Refused>(
            await cluster.Gateway.Submit(ScriptedCluster.Proposal(), new Reservation(default, 1, default)).WaitAsync(TimeSpan.FromSeconds(5), Cancellation)).Reason);
        Assert.True((await cluster.Gateway.Pause("test", "look").WaitAsync(TimeSpan.FromSeconds(5), Cancellation)).IsDone);
        Assert.True((await cluster.Gateway.Resume("test", "on").WaitAsync(TimeSpan.FromSeconds(5), Cancellation)).IsDone);

        var kill = await cluster.Gateway.Kill("test", "now").WaitAsync(TimeSpan.FromSeconds(5), Cancellation); // Within its two, and some for a busy machine.
        Assert.Equal((false, TradingState.Safe), (kill.IsDone, kill.State));
        Assert.Contains("venue NOT confirmed", kill.Text, StringComparison.Ordinal);
        Assert.Contains(cluster.Journal.Facts, fact => fact is Fact.StateChanged { To: TradingState.Safe });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_and_a_new_connection_cancel_everything_first_where_it_is_asked_for(bool asked)
    {
        await using var cluster = await ScriptedCluster.Start(rules: its => its with { CancelsOnConnect = asked });
        Assert.Equal(asked ? 1 : 0, cluster.Venue.CancelAlls); // Before the portfolio heard that we have recovered.
        cluster.Venue.Strangers = [new OrderId("0xstranger")];
        cluster.Time.Shift(TimeSpan.FromSeconds(1));
        await cluster.Gateway.CatchUp();
        if (asked) await cluster.Journal.Until(fact => fact is Fact.ErrorNoted { Where: "connect" } error && error.What.Contains("0xstranger", StringComparison.Ordinal));

        var ticks = cluster.Calls.Count(nameof(IPortfolioGrain.Check));
        await Until(() => Task.FromResult(cluster.Calls.Count(nameof(IPortfolioGrain.Check)) >= ticks + 2));
        Assert.Equal(asked ? 2 : 0, cluster.Venue.CancelAlls);
    }

    [Fact]
    public async Task An_order_the_venue_would_only_refuse_is_not_journaled()
    {
        await using var cluster = await ScriptedCluster.Start();
        var proposal = ScriptedCluster.Proposal();
        cluster.Venue.Refused = proposal.Orders[1].Condition;

        var answer = await cluster.Gateway.Submit(proposal, await cluster.Reserved(proposal));

        Assert.Equal(Refusal.NotSignable, Assert.IsType<DeskInput.Refused>(answer).Reason);
        Assert.Equal((0, Usd.Zero), (cluster.Venue.Sends, (await cluster.Portfolio.View()).Reserved));
        Assert.DoesNotContain(cluster.Journal.Facts, fact => fact is Fact.BasketOpened);
    }

    /// <summary>What a kill could not cancel, the venue cancels when it hears nothing more.</summary>
    [Fact]
    public async Task The_venue_hears_that_we_live_until_we_are_safe()
    {
        await using var cluster = await ScriptedCluster.Start();
        await Until(() => Task.FromResult(cluster.Venue.Beats == 1));
        cluster.Time.Shift(TimeSpan.FromSeconds(5));
        await Until(() => Task.FromResult(cluster.Venue.Beats == 2));
        await cluster.Gateway.Pause("test", "a pause goes on");
        cluster.Time.Shift(TimeSpan.FromSeconds(5));
        await Until(() => Task.FromResult(cluster.Venue.Beats == 3));

        await cluster.Gateway.Kill("test", "now");
        cluster.Time.Shift(TimeSpan.FromMinutes(1));
        var ticks = cluster.Calls.Count(nameof(IPortfolioGrain.Check));
        await Until(() => Task.FromResult(cluster.Calls.Count(nameof(IPortfolioGrain.Check)) >= ticks + 3)); // Timers of the same period went round.

        Assert.Equal(3, cluster.Venue.Beats);
    }

    private static Task UntilAnswered(ScriptedCluster cluster) =>
        Until(async () => (await cluster.Gateway.Orders()).All(order => order.Status is not OrderState.InFlight));

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await holds())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
