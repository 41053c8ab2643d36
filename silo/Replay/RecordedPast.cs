using System.Globalization;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Simulation;
using PolyArb.Storage;

namespace PolyArb.Silo.Replay;

/// <summary>
/// What a backtest takes from its recording beside market data, where it is told to: what our own orders met, how long the venue took to
/// answer. Both are read before the replay begins, by the venue's side alone: no desk is told of them.
/// </summary>
internal static class RecordedPast
{
    /// <summary>The rules with that in them. Throws <see cref="StorageException"/>, also where the recording does not have what is asked of it.</summary>
    public static BacktestSetup.Ready Into(BacktestSetup.Ready setup, string path, CancellationToken cancellation)
    {
        if (!setup.Backtest.UseRecordedFills && !setup.Backtest.UseRecordedLatency) return setup;

        var past = Read(path, cancellation);
        if (setup.Backtest.UseRecordedFills) setup = WithFills(setup, path, past);
        return setup.Backtest.UseRecordedLatency ? WithLatency(setup, path, past) : setup;
    }

    /// <summary>What came of it, as a row of the models; null where no recorded order was asked for.</summary>
    public static NamedText? Came(BacktestSetup.Ready setup, SimulatedDay day) => setup.Rules.RecordedOrders is { IsEmpty: false } recorded
        ? new("recorded fills", $"{day.AsRecorded} of {recorded.Length} recorded orders were sent again and got what they got then; the model decided about all others")
        : null;

    private static RecordedTrading Read(string path, CancellationToken cancellation)
    {
        var past = new RecordedTrading();
        var batch = new InputBatch();
        using var reader = RecordingReader.Open(path);
        while (reader.Read(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (ref readonly var input in batch.Inputs) past.Read(input);
        }

        return past;
    }

    private static BacktestSetup.Ready WithFills(BacktestSetup.Ready setup, string path, RecordedTrading past)
    {
        var orders = past.Orders;
        if (orders.IsEmpty)
        {
            throw new StorageException(past.Seen == 0
                ? $"{path} holds no orders of ours: backtest.use_recorded_fills needs the recording of a bot that traded"
                : $"{path} holds {past.Seen} orders of ours, and of none how it ended: backtest.use_recorded_fills needs their trades");
        }

        return setup with { Rules = setup.Rules with { RecordedOrders = orders } };
    }

    private static BacktestSetup.Ready WithLatency(BacktestSetup.Ready setup, string path, RecordedTrading past)
    {
        var spans = past.RoundTrips;
        if (spans.IsEmpty) throw new StorageException($"{path} holds no answer of the venue to an order: backtest.use_recorded_latency needs at least one");

        var rules = setup.Rules with { Venue = setup.Rules.Venue with { Out = new LatencyModel.Recorded(spans), Back = new LatencyModel.Constant(TimeSpan.Zero) } };
        var drawn = $"drawn from {spans.Length} recorded answers of {Millis(spans.Min())} to {Millis(spans.Max())} ms, all of it on the way to the book";
        return setup with { Rules = rules, Models = [.. setup.Models.Select(model => model.Name is "latency" ? model with { Text = drawn } : model)] };
    }

    private static string Millis(TimeSpan span) => span.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture);
}
