using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Wakes the gateway and opens every enabled market and every market with something open, again and again. Idempotent, so this
/// loop is failover as well. On the way down it is the first to go: it stops trading in good order.
/// </summary>
internal sealed partial class Ignition(
    IGrainFactory grains, ICatalog catalog, SiloSetup setup, StopOutcome outcome, TimeProvider time, ILogger<Ignition> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CatalogPeriod = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BackoffMax = TimeSpan.FromSeconds(60);

    private readonly HashSet<MarketId> _opened = [];
    private readonly HashSet<MarketId> _missing = [];
    private ImmutableDictionary<MarketId, Market> _listed = ImmutableDictionary<MarketId, Market>.Empty;
    private DateTimeOffset _nextRead;
    private TimeSpan _backoff = Period;

    private IOrderGatewayGrain Gateway => grains.GetGrain<IOrderGatewayGrain>(0);

    private IRegistryGrain Registry => grains.GetGrain<IRegistryGrain>(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var period = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await Gateway.Wake();
                await ReadCatalog(stoppingToken);
                await OpenMarkets(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogRound(e); // One bad round is not the end: the next one is a second away.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
        while (await Next(period, stoppingToken));
    }

    /// <summary>Trading stops first; the loop, which may be waiting for a busy market, ends behind it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Gateway.Stop("silo", "the silo is shutting down").WaitAsync(setup.Rules.AckTimeout + Period, time, CancellationToken.None);
            outcome.IsStopConfirmed = answer.IsDone;
            if (answer.IsDone) LogStopped(answer.Text);
            else LogStopIncomplete(answer.Text);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            outcome.IsStopConfirmed = false;
            LogStopUnsure(e);
        }

        await base.StopAsync(cancellationToken);
    }

    private static async Task<bool> Next(PeriodicTimer period, CancellationToken stopping)
    {
        try
        {
            return await period.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task ReadCatalog(CancellationToken stopping)
    {
        if (time.GetUtcNow() < _nextRead) return;

        switch (await catalog.Markets(stopping))
        {
            case VenueAnswer<ImmutableArray<Market>>.Ok(var markets):
                if (markets.Length != _listed.Count) LogCatalog(markets.Length, markets.Sum(market => market.Conditions.Length));
                _listed = markets.ToImmutableDictionary(market => market.Id);
                (_backoff, _nextRead) = (Period, time.GetUtcNow() + CatalogPeriod);
                break;
            case VenueAnswer<ImmutableArray<Market>>.Unavailable(var failure):
                _backoff = _backoff * 2 < BackoffMax ? _backoff * 2 : BackoffMax;
                _nextRead = time.GetUtcNow() + _backoff;
                LogNoCatalog(setup.Venue.RestUrl, failure.Why, _backoff.TotalSeconds);
                break;
        }

        await Registry.Learn(
            [.. _listed.Values.OrderBy(market => market.Title, StringComparer.Ordinal).Select(market => new MarketSummary(
                market.Id, market.Title, [.. market.Conditions.Select(condition => condition.Id)], market.Conditions.Any(condition => condition.IsTradable)))],
            setup.EnableAll,
            setup.Seeds);
    }

    private async Task OpenMarkets(CancellationToken stopping)
    {
        var enabled = (await Registry.Enabled()).ToHashSet();
        var wanted = enabled.Concat(await Gateway.BusyMarkets()).ToHashSet();
        foreach (var market in wanted.Concat(_opened).Distinct().ToArray())
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                if (!wanted.Contains(market))
                {
                    if (await grains.GetGrain<IMarketGrain>(market.Text).Shut()) _opened.Remove(market);
                }
                else if (_listed.TryGetValue(market, out var definition))
                {
                    await grains.GetGrain<IMarketGrain>(market.Text).Open(definition, enabled.Contains(market));
                    _opened.Add(market);
                }
                else if (_listed.Count > 0 && _missing.Add(market))
                {
                    LogMissing(market); // Something of it is open, and the catalogue no longer says what it is.
                }
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogMarket(e, market); // One bad market is no reason to leave the others alone.
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The catalogue lists {Markets} markets with {Conditions} conditions")]
    private partial void LogCatalog(int markets, int conditions);

    [LoggerMessage(LogLevel.Warning, "No catalogue from {Url}: {Why}; asking again in {Seconds} s")]
    private partial void LogNoCatalog(Uri url, string why, double seconds);

    [LoggerMessage(LogLevel.Error, "Something of {Market} is open, but the catalogue no longer lists it: look at `orders` and at the venue")]
    private partial void LogMissing(MarketId market);

    [LoggerMessage(LogLevel.Error, "{Market} could not be opened or shut")]
    private partial void LogMarket(Exception exception, MarketId market);

    [LoggerMessage(LogLevel.Error, "The stop is incomplete, look at the venue's open orders: {Answer}")]
    private partial void LogStopIncomplete(string answer);

    [LoggerMessage(LogLevel.Error, "A round of the ignition loop failed")]
    private partial void LogRound(Exception exception);

    [LoggerMessage(LogLevel.Information, "Stopped: {Answer}")]
    private partial void LogStopped(string answer);

    [LoggerMessage(LogLevel.Error, "The stop was not answered in time: check the venue's open orders")]
    private partial void LogStopUnsure(Exception exception);
}
