using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Concurrency;
using PolyArb.Dashboard;
using PolyArb.Domain;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Dashboard;

/// <summary>What the trader is asked for the sake of whoever looks, by a clock that stands still until it is moved.</summary>
public sealed class DashboardReaderTests : IAsyncDisposable
{
    private static readonly Watched Everything = new(
        Topics.Status | Topics.Markets | Topics.Edges | Topics.Baskets | Topics.Orders | Topics.Fills | Topics.Positions | Topics.Equity | Topics.Errors | Topics.Latencies | Topics.Books,
        Given.Event);

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedTrader _trader;
    private readonly DashboardReader _reader;

    public DashboardReaderTests()
    {
        _trader = new ScriptedTrader(_time);
        _reader = new DashboardReader(_trader, _trader, _time, NullLogger<DashboardReader>.Instance);
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    [Fact]
    public void Nothing_is_asked_while_nobody_watches()
    {
        Pass(seconds: 10);
        Assert.Empty(_trader.Asked);

        var watch = _reader.Watch(Everything, Nothing);
        Pass(seconds: 3);
        Assert.NotEmpty(_trader.Asked);

        watch.Dispose();
        var asked = _trader.Asked.Count;
        Pass(seconds: 60);
        Assert.Equal(asked, _trader.Asked.Count);
    }

    /// <summary>Ten lists of markets, and at every tick a page of one market that comes, asks at once, and goes.</summary>
    [Fact]
    public void A_market_is_asked_four_times_in_any_second_however_many_watch()
    {
        for (var list = 0; list < 10; list++) _reader.Watch(new Watched(Topics.Markets | Topics.Edges), Nothing);
        for (var tick = 0; tick < 80; tick++)
        {
            using var page = _reader.Watch(new Watched(Topics.Books, Given.Event), Nothing);
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }

        var asked = _trader.Asked.Where(call => call.Market == Given.Event).Select(call => call.At).ToArray();
        Assert.True(asked.Length > 40, $"{asked.Length} in 20 seconds: that proves nothing");
        for (var i = MarketPace.PerSecond; i < asked.Length; i++)
        {
            var apart = _time.GetElapsedTime(asked[i - MarketPace.PerSecond], asked[i]);
            Assert.True(apart >= TimeSpan.FromSeconds(1), $"five questions within {apart}");
        }
    }

    [Fact]
    public void Markets_that_are_not_traded_are_not_asked()
    {
        using var watch = _reader.Watch(Everything, Nothing);
        Pass(seconds: 5);

        Assert.DoesNotContain(_trader.Asked, call => call.Market == ScriptedTrader.Quiet);
        Assert.Single(_reader.Views.Value);
    }

    /// <summary>The trader hangs for a minute: each question is out once, pages are told, and all goes on afterwards.</summary>
    [Fact]
    public void A_trader_that_does_not_answer_is_not_asked_twice()
    {
        using var watch = _reader.Watch(new Watched(Topics.Status | Topics.Books, Given.Event), Nothing);
        Pass(seconds: 1);
        var (before, answers) = (_trader.Asked.Count, new TaskCompletionSource());
        _trader.Holds = answers.Task;
        Pass(seconds: 60);

        Assert.Equal(["books", "markets", "status"], _trader.Asked.Skip(before).Select(call => call.What).Order());
        Assert.Contains("no answer", _reader.Status.Complaint, StringComparison.Ordinal);

        answers.SetResult();
        Assert.True(SpinWait.SpinUntil(() => _reader.Status.Complaint.Length == 0, Deadline));
    }

    /// <summary>An answer that takes a second is fetched again after twenty: one part in twenty of the trader's time.</summary>
    [Fact]
    public void The_longer_an_answer_takes_the_rarer_it_is_asked_for()
    {
        var answers = new TaskCompletionSource();
        _trader.Holds = answers.Task;
        using var watch = _reader.Watch(new Watched(Topics.Orders), Nothing);
        Pass(seconds: 1);
        LetGo(answers, () => _reader.Orders.At is not null);
        Pass(seconds: 12);
        Assert.Single(_trader.Asked);

        Pass(seconds: 10);
        Assert.True(_trader.Asked.Count > 1);
    }

    /// <summary>A minute's hang, and then an answer: what came after it is not shown ten minutes late.</summary>
    [Theory]
    [InlineData(Topics.Status, 5)]
    [InlineData(Topics.Orders, 30)]
    public void However_long_an_answer_took_the_next_question_is_not_far(Topics topic, int seconds)
    {
        var answers = new TaskCompletionSource();
        _trader.Holds = answers.Task;
        using var watch = _reader.Watch(new Watched(topic), Nothing);
        Pass(seconds: 60);
        LetGo(answers, () => _reader.Status.Value is not null || _reader.Orders.At is not null);

        Pass(seconds - 1);
        Assert.Single(_trader.Asked);
        Pass(seconds: 2);
        Assert.True(_trader.Asked.Count > 1);
    }

    [Fact]
    public void A_hang_that_ended_in_no_answer_is_asked_about_at_once()
    {
        var answers = new TaskCompletionSource();
        _trader.Holds = answers.Task;
        using var watch = _reader.Watch(new Watched(Topics.Status), Nothing);
        Pass(seconds: 30);
        _trader.Holds = Task.CompletedTask;
        answers.SetException(new TimeoutException("30 s"));
        Assert.True(SpinWait.SpinUntil(() => _reader.Status.Complaint == "30 s", Deadline));

        Pass(seconds: 1);

        Assert.Equal((TradingState?)TradingState.Running, _reader.Status.Value?.State);
        Assert.Equal("", _reader.Status.Complaint);
    }

    [Fact]
    public void Behind_whoever_steered_the_state_is_asked_for_at_once()
    {
        var answers = new TaskCompletionSource();
        _trader.Holds = answers.Task;
        using var watch = _reader.Watch(new Watched(Topics.Status), Nothing);
        Pass(seconds: 1);
        LetGo(answers, () => _reader.Status.Value is not null);
        _trader.State = TradingState.Safe;

        _reader.HurryStatus();
        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal(TradingState.Safe, _reader.Status.Value!.State);
    }

    /// <summary>Whoever is asked comes to life: an address that somebody made up must not make a market of it.</summary>
    [Fact]
    public void What_the_registry_does_not_list_is_never_asked()
    {
        var (unknown, basket) = (new MarketId("anything"), new BasketId("b-1"));
        Assert.Null(_reader.Lists(unknown));
        using var watch = _reader.Watch(new Watched(Topics.Books | Topics.Story, unknown, basket), Nothing);
        Pass(seconds: 5);

        Assert.Equal((false, true), (_reader.Lists(unknown), _reader.Lists(Given.Event)));
        Assert.All(_trader.Asked, call => Assert.Equal("markets", call.What));
    }

    /// <summary>Two minutes of a basket's page and of the overview: after the first time only what is new is read.</summary>
    [Fact]
    public void The_journal_is_read_on_from_where_it_was_read()
    {
        var basket = new BasketId("b-1");
        using var watch = _reader.Watch(new Watched(Topics.Story | Topics.Equity, Given.Event, basket), Nothing);
        Pass(seconds: 120);

        var stories = _trader.Queries.Where(query => query.Market is not null).ToArray();
        var samples = _trader.Queries.Where(query => query.Market is null).ToArray();
        Assert.Equal(0, stories[0].After);
        Assert.All(stories[1..], query => Assert.Equal(6, query.After));
        Assert.Null(samples[0].Since);
        Assert.All(samples[1..], query => Assert.NotNull(query.Since));
        Assert.InRange(samples.Length, 3, 5);
        Assert.Equal((6, 50), (_reader.Story(basket).Value.Length, _reader.Equity.Value.Points.Length));
    }

    [Fact]
    public void What_a_market_said_last_is_not_taken_for_what_it_says()
    {
        using var watch = _reader.Watch(new Watched(Topics.Markets | Topics.Edges), Nothing);
        Pass(seconds: 3);
        Assert.False(IsOld(_reader.Views.Freshness) || IsOld(Assert.Single(_reader.Edges).Freshness));

        _trader.Fails = new TimeoutException("the market hangs");
        Pass(seconds: 3);

        Assert.True(IsOld(_reader.Views.Freshness) && IsOld(Assert.Single(_reader.Edges).Freshness));
        Assert.Single(_reader.Views.Value);

        bool IsOld(Freshness age) => age.IsOld(Instant.From(_time.GetUtcNow()));
    }

    [Fact]
    public void A_page_is_as_fresh_as_its_oldest_part()
    {
        var (fresh, older, never) = (new Freshness(Given.After(20), ""), new Freshness(Given.After(4), "no answer"), new Freshness(null, ""));

        Assert.Equal(older, Freshness.Oldest(fresh, older));
        Assert.Equal(new Freshness(null, "no answer"), Freshness.Oldest(fresh, older, never));
        Assert.Equal((false, true, true, true), (fresh.IsOld(Given.After(35)), fresh.IsOld(Given.After(36)), older.IsOld(Given.After(4)), never.IsOld(Given.After(0))));
    }

    [Fact]
    public void What_fails_is_said_with_what_was_known_and_asked_for_again()
    {
        using var watch = _reader.Watch(new Watched(Topics.Status), Nothing);
        Pass(seconds: 1);
        _trader.Fails = new TimeoutException("the gateway does not answer");
        Pass(seconds: 2);
        Assert.Equal(((long?)3, "the gateway does not answer"), (_reader.Status.Value?.Epoch, _reader.Status.Complaint));

        _trader.Fails = null;
        Pass(seconds: 2);
        Assert.Equal("", _reader.Status.Complaint);
    }

    [Fact]
    public void Pages_are_told_four_times_a_second_at_the_most()
    {
        var told = 0;
        using var watch = _reader.Watch(Everything, () =>
        {
            Interlocked.Increment(ref told);
            return Task.CompletedTask;
        });
        for (var second = 0; second < 10; second++)
        {
            var before = Volatile.Read(ref told);
            Pass(seconds: 1);
            Assert.True(SpinWait.SpinUntil(() => Volatile.Read(ref told) > before, Deadline));
        }

        Assert.InRange(told, 10, 40);
    }

    /// <summary>All that is read is answered beside the work of whoever is asked, between two of its steps.</summary>
    [Fact]
    public void Whatever_may_be_read_interleaves_and_changes_nothing()
    {
        string[] verbs = ["Pause", "Resume", "Flatten", "Kill", "Stop", "SwitchMarkets", "Reconcile", "SetParameters", "Reload"];
        Assert.All(
            new[] { typeof(IControl), typeof(IMarketView), typeof(IRegistryControl), typeof(IClusterView) }.SelectMany(type => type.GetMethods()).Where(method => !verbs.Contains(method.Name)),
            method =>
            {
                Assert.NotNull(method.GetCustomAttribute<ReadOnlyAttribute>());
                Assert.NotNull(method.GetCustomAttribute<AlwaysInterleaveAttribute>());
            });
    }

    private static Task Nothing() => Task.CompletedTask;

    private void LetGo(TaskCompletionSource answers, Func<bool> isHeard)
    {
        _trader.Holds = Task.CompletedTask;
        answers.SetResult();
        Assert.True(SpinWait.SpinUntil(isHeard, Deadline));
    }

    private void Pass(int seconds)
    {
        for (var tick = 0; tick < seconds * 4; tick++) _time.Advance(TimeSpan.FromMilliseconds(250));
    }
}
