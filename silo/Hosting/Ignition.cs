using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Hosting;

/// <summary>
/// Wakes the gateway and opens every enabled market and every market with something open, again and again. Idempotent, so this
/// loop is failover as well. On the way down it is the first to go: it stops trading in good order.
/// </summary>
internal sealed partial class Ignition(
    IGrainFactory grains, MarketWatch watch, SiloSetup setup, RulesInForce rules, StopOutcome outcome, TimeProvider time, ILogger<Ignition> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TeachPeriod = TimeSpan.FromSeconds(30);

    private readonly HashSet<MarketId> _opened = [];
    private readonly HashSet<MarketId> _missing = [];
    private Task _news = Task.CompletedTask;
    private DateTimeOffset _nextTeach;

    private IOrderGatewayGrain Gateway => grains.GetGrain<IOrderGatewayGrain>(0);

    private IRegistryGrain Registry => grains.GetGrain<IRegistryGrain>(0);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Gateway.Wake();
                await Teach();
                await OpenMarkets(stoppingToken);
                await Task.WhenAny(_news, Task.Delay(Period, time, stoppingToken));
            }
            catch (OrleansException e) when (!stoppingToken.IsCancellationRequested)
            {
                LogCluster(e.Message); // Right after the start the silo may not have heard of its own grains yet.
                await Task.WhenAny(Task.Delay(Period, time, stoppingToken));
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogRound(e); // One bad round is not the end: the next one is a second away.
                await Task.WhenAny(Task.Delay(Period, time, stoppingToken));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <summary>Trading stops first; the loop, which may be waiting for a busy market, ends behind it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await Gateway.Stop("silo", "the silo is shutting down").WaitAsync(rules.Now.AckTimeout + Period, time, CancellationToken.None);
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

    /// <summary>The registry may be a new one, so it is told again even when nothing has changed.</summary>
    private async Task Teach()
    {
        if (!_news.IsCompleted && time.GetUtcNow() < _nextTeach) return;

        _news = watch.News;
        await Registry.Learn(watch.Summaries(), setup.EnableAll, setup.Seeds);
        _nextTeach = time.GetUtcNow() + TeachPeriod;
    }

    private async Task OpenMarkets(CancellationToken stopping)
    {
        var enabled = (await Registry.Enabled()).ToHashSet();
        var wanted = enabled.Concat(await Gateway.KeptMarkets()).ToHashSet();
        watch.Follow(wanted);
        foreach (var market in wanted.Concat(_opened).Distinct().ToArray())
        {
            stopping.ThrowIfCancellationRequested();
            try
            {
                if (!wanted.Contains(market))
                {
                    if (await grains.GetGrain<IMarketGrain>(market.Text).Shut()) _opened.Remove(market);
                }
                else if (watch.Definition(market) is { } definition)
                {
                    await grains.GetGrain<IMarketGrain>(market.Text).Open(definition, enabled.Contains(market));
                    _opened.Add(market);
                }
                else if (watch.IsMissing(market) && _missing.Add(market))
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

    [LoggerMessage(LogLevel.Error, "Something of {Market} is open, but the catalogue no longer lists it: look at `orders` and at the venue")]
    private partial void LogMissing(MarketId market);

    [LoggerMessage(LogLevel.Error, "{Market} could not be opened or shut")]
    private partial void LogMarket(Exception exception, MarketId market);

    [LoggerMessage(LogLevel.Error, "The stop is incomplete, look at the venue's open orders: {Answer}")]
    private partial void LogStopIncomplete(string answer);

    [LoggerMessage(LogLevel.Warning, "The cluster does not answer yet: {Why}")]
    private partial void LogCluster(string why);

    [LoggerMessage(LogLevel.Error, "A round of the ignition loop failed")]
    private partial void LogRound(Exception exception);

    [LoggerMessage(LogLevel.Information, "Stopped: {Answer}")]
    private partial void LogStopped(string answer);

    [LoggerMessage(LogLevel.Error, "The stop was not answered in time: check the venue's open orders")]
    private partial void LogStopUnsure(Exception exception);
}
