using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// What the venue lists, and what the followed markets are like at the moment. Reads the catalogue on two clocks of its own, a slow one for
/// the list and a quick one for the followed, so that nothing waits for either.
/// </summary>
internal sealed partial class MarketWatch(ICatalog catalog, VenueOptions venue, TimeProvider time, ILogger<MarketWatch> logger) : BackgroundService
{
    /// <summary>The list costs one request a second on average, and is read no more often than this.</summary>
    private static readonly TimeSpan ListPeriodMin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(60);

    /// <summary>Read together; what they are is known before the next ones are asked for.</summary>
    private const int BatchMax = 50;

    private readonly Lock _gate = new();
    private readonly Dictionary<MarketId, WatchedMarket> _followed = [];
    private ImmutableDictionary<MarketId, ListedMarket> _listed = ImmutableDictionary<MarketId, ListedMarket>.Empty;
    private TaskCompletionSource _news = NewSignal();
    private TaskCompletionSource _isFollowingMore = NewSignal();
    private string? _problem; // The last one said.
    private bool _hasListed;

    /// <summary>Completes when the list or a followed market has changed. To be taken before looking.</summary>
    public Task News
    {
        get
        {
            lock (_gate) return _news.Task;
        }
    }

    /// <summary>The catalogue was read at least once.</summary>
    public bool HasListed
    {
        get
        {
            lock (_gate) return _hasListed;
        }
    }

    /// <summary>Everything listed or followed, by title. Tradable is the list's word, so that a market does not go on and off between two lists.</summary>
    public ImmutableArray<MarketSummary> Summaries()
    {
        lock (_gate)
        {
            var followed = _followed.Where(entry => entry.Value.Latest is not null && !_listed.ContainsKey(entry.Key)).Select(entry => entry.Value.Latest!);
            return [.. _listed.Values.Concat(followed).OrderBy(listed => listed.Market.Title, StringComparer.Ordinal).Select(listed => Summary(
                listed, _followed.GetValueOrDefault(listed.Market.Id)?.Latest ?? listed))];
        }
    }

    /// <summary>These are read often from here on, and no others.</summary>
    public void Follow(IReadOnlySet<MarketId> markets)
    {
        lock (_gate)
        {
            foreach (var gone in _followed.Keys.Where(market => !markets.Contains(market)).ToArray()) _followed.Remove(gone);
            foreach (var market in markets)
            {
                if (_followed.TryAdd(market, new WatchedMarket())) _isFollowingMore.TrySetResult();
            }
        }
    }

    /// <summary>What a followed market is to be opened as; null until it was read, and when nothing of it is of use.</summary>
    public Market? Definition(MarketId market)
    {
        lock (_gate) return _followed.GetValueOrDefault(market)?.Latest?.Market is { Conditions.IsEmpty: false } found ? found : null;
    }

    /// <summary>A followed market that the venue does not name, though it answers.</summary>
    public bool IsMissing(MarketId market)
    {
        lock (_gate) return _followed.GetValueOrDefault(market) is { IsMissing: true, Latest: null };
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(KeepListing(stoppingToken), KeepReading(stoppingToken));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task KeepListing(CancellationToken stopping)
    {
        var rest = RestMin;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                switch (await catalog.List(stopping))
                {
                    case VenueAnswer<Listing>.Ok(var listing):
                        Take(listing);
                        rest = RestMin;
                        await Task.Delay(Longer(ListPeriodMin, TimeSpan.FromSeconds(listing.Requests)), time, stopping);
                        continue;
                    case VenueAnswer<Listing>.Unavailable(var failure) when !stopping.IsCancellationRequested:
                        rest = Longer(rest, failure.Rest ?? RestMin);
                        LogNoCatalog(venue.GammaUrl, failure.Why, rest.TotalSeconds);
                        break;
                }
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LogRound(e);
            }

            await Task.Delay(rest, time, stopping);
            rest = Spans.Shorter(2 * rest, RestMax);
        }
    }

    private async Task KeepReading(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var (batch, wait, more) = Due();
            if (batch.IsEmpty)
            {
                await Task.WhenAny(more, Task.Delay(wait, time, stopping));
                continue;
            }

            try
            {
                Take(batch, await catalog.Read(batch, stopping));
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                LogRound(e);
                Take(batch, new Reading([], e.Message));
            }
        }
    }

    private (ImmutableArray<MarketId> Batch, TimeSpan Wait, Task More) Due()
    {
        lock (_gate)
        {
            if (_isFollowingMore.Task.IsCompleted) _isFollowingMore = NewSignal();
            var now = time.GetUtcNow();
            var batch = _followed.Where(entry => entry.Value.DueAt <= now).OrderBy(entry => entry.Value.DueAt).Take(BatchMax).Select(entry => entry.Key).ToImmutableArray();
            var next = _followed.Count == 0 ? WatchedMarket.ReadPeriod : Longer(_followed.Values.Min(followed => followed.DueAt) - now, TimeSpan.Zero);
            return (batch, next, _isFollowingMore.Task);
        }
    }

    private void Take(Listing listing)
    {
        lock (_gate)
        {
            var refused = listing.Markets.Sum(listed => listed.NotTraded.Length);
            var conditions = listing.Markets.Sum(listed => listed.Market.Conditions.Length);
            if (listing.Markets.Length != _listed.Count) LogCatalog(listing.Markets.Length, conditions, refused, listing.Requests);
            _listed = listing.Markets.ToImmutableDictionary(listed => listed.Market.Id);
            _hasListed = true;
            SayNews();
        }
    }

    private void Take(ImmutableArray<MarketId> batch, Reading reading)
    {
        lock (_gate)
        {
            if (reading.Problem is { } problem && problem != _problem) LogNotRead(batch.Length - reading.Markets.Length, problem);
            _problem = reading.Problem;

            var isNews = false;
            var found = reading.Markets.ToDictionary(listed => listed.Market.Id);
            foreach (var market in batch)
            {
                if (!_followed.TryGetValue(market, out var followed)) continue; // Not wanted any more.

                var (before, newcomer) = (followed.Latest, followed.Newcomer);
                followed.Take(found.GetValueOrDefault(market), reading.Problem is null, time.GetUtcNow());
                if (followed.Latest is not { } latest) continue;

                if (followed.Newcomer is { } condition && newcomer is null) LogNewcomer(market, latest.Market.Title, condition);
                var (reason, reasonBefore) = (Reason(latest), before is null ? "" : Reason(before));
                if (reason != reasonBefore) LogReason(market, latest.Market.Title, reason.Length > 0 ? reason : "all of it may be traded");
                isNews |= before is null || !latest.Market.IsSameAs(before.Market) || reason != reasonBefore;
            }

            if (isNews) SayNews();
        }
    }

    private void SayNews()
    {
        var news = _news;
        _news = NewSignal();
        news.SetResult();
    }

    private static MarketSummary Summary(ListedMarket listed, ListedMarket latest) => new(
        listed.Market.Id, listed.Market.Title,
        [.. listed.Market.Conditions.Select(condition => condition.Id).Concat(listed.NotTraded.Select(refused => refused.Condition)).Distinct()],
        listed.Market.Conditions.Any(condition => condition.IsTradable),
        Reason(latest))
    {
        Names = listed.Names,
    };

    private static string Reason(ListedMarket listed) => listed.NotTraded switch
    {
        [] => "",
        [var only] when listed.Market.Conditions.Length < 2 => only.Reason,
        [var first, ..] reasons => $"{reasons.Length} of its conditions not traded; {first.Condition}: {first.Reason}",
    };

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    [LoggerMessage(LogLevel.Information, "The catalogue lists {Markets} markets with {Conditions} conditions, {Refused} conditions not to be traded; read in {Requests} requests")]
    private partial void LogCatalog(int markets, int conditions, int refused, int requests);

    [LoggerMessage(LogLevel.Warning, "No catalogue from {Url}: {Why}; asking again in {Seconds} s")]
    private partial void LogNoCatalog(Uri? url, string why, double seconds);

    [LoggerMessage(LogLevel.Warning, "{Markets} followed markets could not be read: {Why}")]
    private partial void LogNotRead(int markets, string why);

    [LoggerMessage(LogLevel.Information, "{Market} \"{Title}\": {Reason}")]
    private partial void LogReason(MarketId market, string title, string reason);

    [LoggerMessage(LogLevel.Warning, "{Market} \"{Title}\" has a new condition {Condition}: until the next start nobody vouches for all of it, and not all of its YES are bought")]
    private partial void LogNewcomer(MarketId market, string title, ConditionId condition);

    [LoggerMessage(LogLevel.Error, "A round of the catalogue failed")]
    private partial void LogRound(Exception exception);
}
