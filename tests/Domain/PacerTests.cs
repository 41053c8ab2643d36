using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>Ten orders a second and fifteen in ten seconds, four cancels a second, twenty requests of any kind a second.</summary>
public class PacerTests
{
    private static readonly PacerRules Rules = new(
        Global: new(20, TimeSpan.FromSeconds(1)), PostBurst: new(10, TimeSpan.FromSeconds(1)), PostSustained: new(15, TimeSpan.FromSeconds(10)),
        DeleteBurst: new(4, TimeSpan.FromSeconds(1)), DeleteSustained: new(6, TimeSpan.FromSeconds(10)), BackoffBase: TimeSpan.FromMilliseconds(100),
        BackoffMax: TimeSpan.FromSeconds(5));

    private readonly Pacer _pacer = new(Rules);

    [Fact]
    public void A_burst_goes_at_once_and_what_is_more_waits_for_the_bucket_to_fill()
    {
        Assert.Equal(TimeSpan.Zero, _pacer.TakeTurn(10, Given.Noon));
        Assert.Equal(TimeSpan.FromMilliseconds(200), _pacer.TakeTurn(2, Given.Noon));
        Assert.Equal(TimeSpan.FromMilliseconds(300), _pacer.TakeTurn(1, Given.Noon)); // Behind the one before it.
        Assert.Equal(TimeSpan.FromMilliseconds(300), _pacer.TakeTurn(1, Given.After(0.1)));
    }

    [Fact]
    public void The_longer_window_holds_back_what_the_short_one_would_let_go()
    {
        _pacer.TakeTurn(10, Given.Noon);
        Assert.Equal(TimeSpan.Zero, _pacer.TakeTurn(5, Given.After(1)));
        Assert.Equal(TimeSpan.Zero, _pacer.TakeTurn(1, Given.After(2))); // 15 less 15, and three more in two seconds.
        Assert.Equal(TimeSpan.FromSeconds(2), Rounded(_pacer.TakeTurn(5, Given.After(2))));
    }

    [Fact]
    public void A_turn_given_back_is_the_next_ones()
    {
        _pacer.TakeTurn(10, Given.Noon);
        Assert.Equal(TimeSpan.FromMilliseconds(500), _pacer.TakeTurn(5, Given.Noon));
        _pacer.GiveBack(5);
        Assert.Equal(TimeSpan.FromMilliseconds(100), _pacer.TakeTurn(1, Given.Noon));
    }

    [Fact]
    public void Giving_back_fills_no_bucket_over_its_brim()
    {
        _pacer.GiveBack(100);
        Assert.Equal(TimeSpan.FromMilliseconds(500), _pacer.TakeTurn(15, Given.Noon));
    }

    [Fact]
    public void Cancels_and_heartbeats_never_wait_behind_orders_but_orders_wait_for_them()
    {
        for (var i = 0; i < 30; i++) _pacer.CountHeartbeat(Given.Noon);
        Assert.True(_pacer.TryCancel(4, Given.Noon));
        Assert.Equal(TimeSpan.FromMilliseconds(600), _pacer.TakeTurn(1, Given.Noon)); // 32 requests, 12 more than a second's.
    }

    [Fact]
    public void Cancels_keep_to_their_own_buckets_except_for_risks_sake()
    {
        Assert.True(_pacer.TryCancel(4, Given.Noon));
        Assert.False(_pacer.TryCancel(1, Given.After(0.2)));
        Assert.True(_pacer.TryCancel(1, Given.After(0.25)));
        _pacer.CountCancel(4, Given.After(0.25));
        Assert.False(_pacer.TryCancel(1, Given.After(1.25))); // It counted.
        Assert.Equal(TimeSpan.Zero, _pacer.TakeTurn(10, Given.After(1.25))); // And is none of the orders' buckets.
    }

    [Fact]
    public void More_than_a_bucket_can_hold_goes_when_it_is_full()
    {
        Assert.True(_pacer.TryCancel(1_000, Given.Noon));
        Assert.False(_pacer.TryCancel(1, Given.After(10)));
    }

    [Fact]
    public void A_clock_that_goes_back_fills_nothing_and_stops_nothing()
    {
        _pacer.TakeTurn(10, Given.After(3_600));
        Assert.Equal(TimeSpan.FromMilliseconds(100), _pacer.TakeTurn(1, Given.Noon));
        Assert.Equal(TimeSpan.Zero, _pacer.TakeTurn(1, Given.After(1)));
    }

    /// <summary>Seeded: whatever is asked for when, no bucket lets more through than it holds and what flowed in meanwhile.</summary>
    [Fact]
    public void No_window_ever_sees_more_than_its_bucket_and_what_flowed_in()
    {
        for (var seed = 1; seed <= 50; seed++)
        {
            var random = new Random(seed);
            var pacer = new Pacer(Rules);
            var sent = new List<(Instant At, int Orders)>();
            var now = Given.Noon;
            for (var i = 0; i < 200; i++)
            {
                now += TimeSpan.FromMilliseconds(random.Next(0, 400));
                var orders = random.Next(1, 6);
                sent.Add((now + pacer.TakeTurn(orders, now), orders));
            }

            foreach (var (from, _) in sent)
            {
                foreach (var (tokens, window) in new[] { Rules.PostBurst, Rules.PostSustained })
                {
                    var seen = sent.Where(one => one.At >= from && one.At - from < window).Sum(one => one.Orders);
                    Assert.True(seen <= 2 * tokens, $"seed {seed}: {seen} in {window}");
                }
            }
        }
    }

    [Fact]
    public void Each_failure_doubles_the_rest_up_to_the_longest_and_success_begins_anew()
    {
        Assert.Equal([100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000], Enumerable.Range(0, 8).Select(_ => (int)_pacer.BackOff().TotalMilliseconds));
        _pacer.Reset();
        Assert.Equal(TimeSpan.FromMilliseconds(100), _pacer.BackOff());
    }

    private static TimeSpan Rounded(TimeSpan wait) => TimeSpan.FromMilliseconds(Math.Round(wait.TotalMilliseconds));
}
