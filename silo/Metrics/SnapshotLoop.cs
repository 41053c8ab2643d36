using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Metrics;

/// <summary>
/// Asks every `snapshot.interval_sec` how the grains are, and hands it on: whoever wants to know reads the last answer and asks nobody who
/// trades. Of the markets the busiest are asked for their books, one after the other, and no more than `snapshot.max_books` allows.
/// </summary>
internal sealed partial class SnapshotLoop(IGrainFactory grains, SnapshotPlan plan, IEnumerable<ISnapshotReader> readers, TimeProvider time, ILogger<SnapshotLoop> logger)
    : BackgroundService
{
    /// <summary>For the books of one market.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private bool _isFailing;
    private bool _hasSilent; // Markets; and it was said.

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
        var markets = await grains.GetGrain<IClusterView>(0).Markets().WaitAsync(stopping);
        return new SiloSnapshot(time.Now(), status, markets, await Books(markets, stopping));
    }

    private async Task<ImmutableArray<MarketBooks>> Books(ImmutableArray<MarketView> markets, CancellationToken stopping)
    {
        var (books, left, silent) = (ImmutableArray.CreateBuilder<MarketBooks>(), plan.BooksMax, 0);
        foreach (var market in markets.OrderByDescending(market => market.HasOpenBasket).ThenByDescending(market => market.Events))
        {
            if (market.Conditions == 0 || market.Conditions > left) continue;

            left -= market.Conditions;
            try
            {
                books.Add(await grains.GetGrain<IMarketView>(market.Id.Text).Books(plan.Levels).WaitAsync(Patience, time, stopping));
            }
            catch (Exception e) when (!stopping.IsCancellationRequested)
            {
                if (silent++ == 0 && !_hasSilent) LogSilent(market.Id, e.Message); // What the others say, and the money, is told all the same.
            }
        }

        _hasSilent = silent > 0;
        return books.ToImmutable();
    }

    [LoggerMessage(LogLevel.Warning, "{Market} did not show its books for a snapshot: {Why}")]
    private partial void LogSilent(MarketId market, string why);

    [LoggerMessage(LogLevel.Warning, "What the grains are doing was not read: {Why}")]
    private partial void LogMissed(string why);
}
