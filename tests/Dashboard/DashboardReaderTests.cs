using System.Reflection;
using Microsoft.Extensions.Time.Testing;
using Orleans.Concurrency;
using PolyArb.Dashboard;
using PolyArb.Domain;
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
        _reader = new DashboardReader(_trader, _trader, _time);
    }

    public ValueTask DisposeAsync() => _reader.DisposeAsync();

    [Fact]
    public void Nothing_is_asked_while_nobody_watches()
    {
        Pass(seconds: 10);
        Assert.Empty(_trader.Asked);

        var watch = _reader.Watch(Everything, () => { });
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
        for (var list = 0; list < 10; list++) _reader.Watch(new Watched(Topics.Markets | Topics.Edges), () => { });
        for (var tick = 0; tick < 80; tick++)
        {
            using var page = _reader.Watch(new Watched(Topics.Books, Given.Event), () => { });
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
        using var watch = _reader.Watch(Everything, () => { });
        Pass(seconds: 5);

        Assert.DoesNotContain(_trader.Asked, call => call.Market == ScriptedTrader.Quiet);
        Assert.Single(_reader.Views);
    }

    /// <summary>The trader hangs for a minute: each question is out once, pages are told, and all goes on afterwards.</summary>
    [Fact]
    public void A_trader_that_does_not_answer_is_not_asked_twice()
    {
        var answers = new TaskCompletionSource();
        _trader.Holds = answers.Task;
        using var watch = _reader.Watch(new Watched(Topics.Status | Topics.Books, Given.Event), () => { });
        Pass(seconds: 60);

        Assert.Equal(["books", "status"], _trader.Asked.Select(call => call.What).Order());
        Assert.Contains("no answer", _reader.Status.Complaint, StringComparison.Ordinal);

        answers.SetResult();
        Assert.True(SpinWait.SpinUntil(() => _reader.Status.Value is not null, Deadline));
        Assert.Equal("", _reader.Status.Complaint);
    }

    /// <summary>An answer that takes two seconds is fetched again after forty: one part in twenty of the trader's time.</summary>
    [Fact]
    public void The_longer_an_answer_takes_the_rarer_it_is_asked_for()
    {
        var answers = new TaskCompletionSource();
        _trader.Holds = answers.Task;
        using var watch = _reader.Watch(new Watched(Topics.Orders), () => { });
        Pass(seconds: 2);
        _trader.Holds = Task.CompletedTask;
        answers.SetResult();
        Assert.True(SpinWait.SpinUntil(() => _reader.Orders.At is not null, Deadline));
        Pass(seconds: 30);
        Assert.Single(_trader.Asked);

        Pass(seconds: 12);
        Assert.True(_trader.Asked.Count > 1);
    }

    [Fact]
    public void What_fails_is_said_with_what_was_known_and_asked_for_again()
    {
        using var watch = _reader.Watch(new Watched(Topics.Status), () => { });
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
        using var watch = _reader.Watch(Everything, () => told++);
        Pass(seconds: 10);

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

    private void Pass(int seconds)
    {
        for (var tick = 0; tick < seconds * 4; tick++) _time.Advance(TimeSpan.FromMilliseconds(250));
    }
}
