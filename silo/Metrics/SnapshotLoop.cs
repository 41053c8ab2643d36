using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Metrics;

/// <summary>
/// Asks the grains every `snapshot.interval_sec` how they are, one after the other, and hands it on: whoever wants to know reads the last
/// answer and asks nobody who trades.
/// </summary>
internal sealed partial class SnapshotLoop(IGrainFactory grains, SnapshotPlan plan, IEnumerable<ISnapshotReader> readers, TimeProvider time, ILogger<SnapshotLoop> logger)
    : BackgroundService
{
    private bool _isFailing;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.Run(plan.Interval, time, Round, stoppingToken);

    private async Task Round(CancellationToken stopping)
    {
        try
        {
            var snapshot = await Take(stopping);
            foreach (var reader in readers) reader.Take(snapshot);
            _isFailing = false;
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            if (!_isFailing) LogMissed(e.Message); // The next round is a few seconds away.
            _isFailing = true;
        }
    }

    private async Task<SiloSnapshot> Take(CancellationToken stopping)
    {
        var status = await grains.GetGrain<IControl>(0).Status().WaitAsync(stopping);
        var markets = ImmutableArray.CreateBuilder<MarketView>();
        foreach (var market in await grains.GetGrain<IRegistryGrain>(0).Enabled().WaitAsync(stopping))
        {
            markets.Add(await grains.GetGrain<IMarketView>(market.Text).View().WaitAsync(stopping));
        }

        return new SiloSnapshot(time.Now(), status, markets.ToImmutable(), await Books(markets, stopping));
    }

    private async Task<ImmutableArray<MarketBooks>> Books(IReadOnlyCollection<MarketView> markets, CancellationToken stopping)
    {
        var (books, left) = (ImmutableArray.CreateBuilder<MarketBooks>(), plan.BooksMax);
        foreach (var market in markets.OrderByDescending(market => market.HasOpenBasket).ThenByDescending(market => market.Events))
        {
            if (market.Conditions == 0 || market.Conditions > left) continue;

            books.Add(await grains.GetGrain<IMarketView>(market.Id.Text).Books(plan.Levels).WaitAsync(stopping));
            left -= market.Conditions;
        }

        return books.ToImmutable();
    }

    [LoggerMessage(LogLevel.Warning, "What the grains are doing was not read: {Why}")]
    private partial void LogMissed(string why);
}
