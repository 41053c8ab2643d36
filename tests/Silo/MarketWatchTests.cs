using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Silo.Hosting;
using PolyArb.Tests.Domain;
using Xunit;

namespace PolyArb.Tests.Silo;

public sealed class MarketWatchTests : IAsyncDisposable
{
    private static readonly Market Event = Given.Market();
    private static readonly Market Alone = Given.Single(Given.Condition(7, negRisk: false));

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ScriptedCatalog _catalog;
    private readonly Lines _log = new();
    private readonly MarketWatch _watch;

    public MarketWatchTests()
    {
        _catalog = new ScriptedCatalog(_clock);
        _watch = new MarketWatch(_catalog, Polymarket.ScriptedVenue.Options, _clock, _log);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _watch.StopAsync(CancellationToken.None);
        _watch.Dispose();
    }

    [Fact]
    public async Task A_followed_market_is_read_at_once_and_then_every_thirty_seconds()
    {
        await _watch.StartAsync(Cancellation);
        Assert.Null(_watch.Definition(Event.Id));
        var news = _watch.News;
        Follow(Event, Alone);
        await _catalog.Read(1);
        await news.WaitAsync(Cancellation);

        Assert.Equal(_clock.Start, _catalog.Reads[0].At);
        Assert.Equal([Event.Id, Alone.Id], _catalog.Reads[0].Markets);
        Assert.True(Event.IsSameAs(_watch.Definition(Event.Id)!));

        await After(() => _catalog.Read(3));
        Assert.All(_catalog.Reads.Zip(_catalog.Reads.Skip(1)), pair => Assert.InRange((pair.Second.At - pair.First.At).TotalSeconds, 30, 200));
    }

    [Fact]
    public async Task A_market_that_is_followed_no_more_is_not_read()
    {
        await _watch.StartAsync(Cancellation);
        Follow(Event, Alone);
        await _catalog.Read(1);
        Follow(Alone);
        await After(() => _catalog.Read(2));

        Assert.Equal([Alone.Id], _catalog.Reads[1].Markets);
        Assert.Null(_watch.Definition(Event.Id));
    }

    [Fact]
    public async Task Many_markets_are_read_fifty_at_a_time_and_known_batch_by_batch()
    {
        Market[] many = [.. Enumerable.Range(0, 120).Select(number => Given.Single(Given.Condition(number, negRisk: false)))];
        await _watch.StartAsync(Cancellation);
        Follow(many);
        await _catalog.Read(3);

        Assert.Equal([50, 50, 20], _catalog.Reads.Take(3).Select(read => read.Markets.Length));
        Assert.Equal(120, _catalog.Reads.Take(3).SelectMany(read => read.Markets).Distinct().Count());
    }

    /// <summary>Hundreds of requests must not be made every half minute.</summary>
    [Theory]
    [InlineData(1, 30)]
    [InlineData(400, 400)]
    public async Task The_list_is_read_again_after_a_second_for_each_request_that_it_cost(int requests, int seconds)
    {
        _catalog.Requests = requests;
        await _watch.StartAsync(Cancellation);
        await After(() => _catalog.Listed(3), step: 10);

        Assert.All(_catalog.Lists.Zip(_catalog.Lists.Skip(1)), pair => Assert.InRange((pair.Second - pair.First).TotalSeconds, seconds, 2.5 * seconds + 100));
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_is_asked_for_later_and_later_and_the_last_one_stands()
    {
        await _watch.StartAsync(Cancellation);
        await After(() => _catalog.Listed(1));
        _catalog.List = () => new VenueAnswer<Listing>.Unavailable(new VenueFailure.Unanswered("gamma markets: the filter is ignored"));
        await After(() => _catalog.Listed(9));

        var gaps = _catalog.Lists.Zip(_catalog.Lists.Skip(1), (first, second) => (second - first).TotalSeconds).ToArray();
        Assert.All(gaps[1..].Zip([2.0, 4, 8, 16, 32, 60, 60]), gap => Assert.InRange(gap.First, gap.Second, gap.Second + 170));
        Assert.Equal(2, _watch.Summaries().Length);
        Assert.Contains(_log.Said, line => line.StartsWith("No catalogue from http://venue.test/gamma: gamma markets: the filter is ignored", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_not_traded_is_said_once_and_in_the_list()
    {
        var closed = Event with { Conditions = Event.Conditions.SetItem(1, Event.Conditions[1] with { Fee = null }) };
        _catalog.Answer = markets => new Reading([new ListedMarket(closed, [new NotTraded(closed.Conditions[1].Id, "fees disagree")])], null);
        await _watch.StartAsync(Cancellation);
        await After(() => _catalog.Listed(1));
        Follow(Event);
        await After(() => _catalog.Read(3));

        var summary = _watch.Summaries().Single(summary => summary.Id == Event.Id);
        Assert.Equal(($"1 of its conditions not traded; {Given.Condition(1).Id}: fees disagree", true), (summary.Reason, summary.IsTradable));
        Assert.Single(_log.Said, line => line.Contains("fees disagree", StringComparison.Ordinal));

        _catalog.Answer = _catalog.All;
        await After(() => _catalog.Read(5));
        Assert.Single(_log.Said, line => line.Contains("all of it may be traded", StringComparison.Ordinal));
        Assert.Equal("", _watch.Summaries().Single(summary => summary.Id == Event.Id).Reason);
    }

    [Fact]
    public async Task A_market_that_vanished_is_closed_with_its_reason_and_one_never_seen_is_missing()
    {
        await _watch.StartAsync(Cancellation);
        await After(() => _catalog.Listed(1));
        Follow(Alone, Event);
        await After(() => _catalog.Read(1));
        _catalog.Answer = markets => new Reading([.. _catalog.All(markets).Markets.Where(listed => listed.Market.Id == Event.Id)], null);
        Follow(Alone, Event, Given.Single(Given.Condition(9)));
        await After(() => _catalog.Read(4));

        Assert.All(_watch.Definition(Alone.Id)!.Conditions, condition => Assert.False(condition.IsTradable));
        Assert.True(Event.IsSameAs(_watch.Definition(Event.Id)!));
        Assert.Equal("the catalogue names it no more", _watch.Summaries().Single(summary => summary.Id == Alone.Id).Reason);
        Assert.Single(_log.Said, line => line.Contains("names it no more", StringComparison.Ordinal));
        Assert.Equal((true, false), (_watch.IsMissing(new MarketId(Given.Condition(9).Id.Text)), _watch.IsMissing(Alone.Id)));
    }

    [Fact]
    public async Task A_catalogue_that_is_silent_leaves_everything_as_it_is_for_ten_minutes_and_then_closes_it()
    {
        await _watch.StartAsync(Cancellation);
        Follow(Event);
        await _catalog.Read(1);
        _catalog.Answer = _ => new Reading([], "gamma events: timed out");
        await After(() => _catalog.Read(5));
        Assert.True(_clock.GetUtcNow() - _clock.Start < TimeSpan.FromMinutes(10));
        Assert.All(_watch.Definition(Event.Id)!.Conditions, condition => Assert.True(condition.IsTradable));
        Assert.Single(_log.Said, line => line == "1 followed markets could not be read: gamma events: timed out");

        await After(() => _catalog.Read(20));
        Assert.True(_clock.GetUtcNow() - _clock.Start > TimeSpan.FromMinutes(11));
        Assert.All(_watch.Definition(Event.Id)!.Conditions, condition => Assert.False(condition.IsTradable));

        _catalog.Answer = _catalog.All;
        await After(() => _catalog.Read(22));
        Assert.True(Event.IsSameAs(_watch.Definition(Event.Id)!));
    }

    /// <summary>Whoever vouched that the event is exhaustive did not know the new one.</summary>
    [Fact]
    public async Task An_event_with_a_new_question_is_not_whole_any_more()
    {
        await _watch.StartAsync(Cancellation);
        Follow(Event);
        await After(() => _catalog.Read(2));
        Assert.True(_watch.Definition(Event.Id)!.IsWhole);

        _catalog.Known[Event.Id] = Given.Market(Given.Condition(0), Given.Condition(1), Given.Condition(2));
        await After(() => _catalog.Read(5));

        Assert.Equal((3, false), (_watch.Definition(Event.Id)!.Conditions.Length, _watch.Definition(Event.Id)!.IsWhole));
        Assert.Single(_log.Said, line => line.Contains($"has a new condition {Given.Condition(2).Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reading_that_breaks_is_a_line_in_the_log_and_not_the_end()
    {
        _catalog.Answer = _ => throw new InvalidOperationException("a bug");
        await _watch.StartAsync(Cancellation);
        Follow(Event);
        await _catalog.Read(1);
        _catalog.Answer = _catalog.All;
        await After(() => _catalog.Read(3));

        Assert.NotNull(_watch.Definition(Event.Id));
    }

    private void Follow(params Market[] markets)
    {
        foreach (var market in markets) _catalog.Known[market.Id] = market;
        _watch.Follow(markets.Select(market => market.Id).ToHashSet());
    }

    /// <summary>Time passes until it has come to that, and what was answered has been taken.</summary>
    private async Task After(Func<Task> call, int step = 1)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        var waited = call();
        while (!waited.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(step));
            await Task.Delay(1, deadline.Token); // The watch has its turn before more time passes.
        }
    }

    /// <summary>Says what it is told to, and keeps when it was asked. A call counts when the one before it has been taken.</summary>
    private sealed class ScriptedCatalog : ICatalog
    {
        private readonly TimeProvider _time;
        private readonly ConcurrentDictionary<(string Kind, int Count), TaskCompletionSource> _awaited = new();

        public ScriptedCatalog(TimeProvider time)
        {
            _time = time;
            List = () => new VenueAnswer<Listing>.Ok(new Listing([Of(Event), Of(Alone)], Requests));
            Answer = All;
        }

        public ConcurrentDictionary<MarketId, Market> Known { get; } = new();

        public int Requests { get; set; } = 1;

        public Func<VenueAnswer<Listing>> List { get; set; }

        public Func<ImmutableArray<MarketId>, Reading> Answer { get; set; }

        public List<DateTimeOffset> Lists { get; } = [];

        public List<(DateTimeOffset At, ImmutableArray<MarketId> Markets)> Reads { get; } = [];

        public Reading All(ImmutableArray<MarketId> markets) => new([.. markets.Where(Known.ContainsKey).Select(market => Of(Known[market]))], null);

        public Task Listed(int count) => Awaited("list", count).WaitAsync(Cancellation);

        public Task Read(int count) => Awaited("read", count).WaitAsync(Cancellation);

        Task<VenueAnswer<Listing>> ICatalog.List(CancellationToken cancellation)
        {
            Lists.Add(_time.GetUtcNow());
            Awaited("list", Lists.Count, isHere: true);
            return Task.FromResult(List());
        }

        Task<VenueAnswer<Listing>> ICatalog.Glance(CancellationToken cancellation) => throw new NotSupportedException();

        Task<Reading> ICatalog.Read(ImmutableArray<MarketId> markets, CancellationToken cancellation)
        {
            Reads.Add((_time.GetUtcNow(), markets));
            Awaited("read", Reads.Count, isHere: true);
            return Task.FromResult(Answer(markets));
        }

        private static ListedMarket Of(Market market) => new(market, []);

        private Task Awaited(string kind, int count, bool isHere = false)
        {
            var source = _awaited.GetOrAdd((kind, count), _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            if (isHere) source.TrySetResult();
            return source.Task;
        }
    }

    private sealed class Lines : ILogger<MarketWatch>
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception));
    }
}
