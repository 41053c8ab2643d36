using Microsoft.Extensions.Logging;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// The kill switch at the gateway. A move toward stopping holds in memory at once and is written then; a move toward running
/// is durable before it is true, and any word against trading that comes meanwhile beats it.
/// </summary>
internal sealed partial class TradingSwitch(
    GatewayBooks books, IVenue venue, InFlight inFlight, Recovery recovery, Func<TradingState, long, Task> tellPortfolio,
    TradingRules rules, TimeProvider time, ILogger logger)
{
    private int _stops; // Counts every word against trading.
    private int _loosening;
    private int _halting;

    public async Task<ControlAnswer> Pause(string by, string reason)
    {
        _stops++;
        if (_halting > 0) return Answer(false, "a stop is under way");
        if (books.Trading is TradingState.Safe) return await Loosen(TradingState.Paused, "paused", by, reason);
        if (books.Trading is TradingState.Flattening) return Answer(false, "cannot pause while flattening");
        if (books.Trading is TradingState.Paused && _loosening == 0) return Answer(true, "already paused");

        var fact = Next(TradingState.Paused, raiseEpoch: false, by, reason);
        books.Take(fact);
        LogMoved(logger, TradingState.Paused, by, reason);
        return await Written(fact) is { } why ? Answer(false, $"paused; NOT durable: {why}") : Answer(true, "paused");
    }

    public async Task<ControlAnswer> Resume(string by, string reason)
    {
        if (books.Trading is TradingState.Running) return Answer(true, "already running");
        if (!KillSwitch.CanMove(books.Trading, TradingState.Running)) return Answer(false, $"cannot resume in {books.Trading}: pause first, then resume");
        if (_halting > 0) return Answer(false, "a stop is under way");

        return await Loosen(TradingState.Running, "running", by, reason);
    }

    /// <summary>
    /// Fence in memory first; then at once the fact, the portfolio and a cancel-all; then the sends in flight; then cancel-all again
    /// until open orders have read empty twice. Answers within the ack timeout, with what is known by then.
    /// </summary>
    public async Task<ControlAnswer> Halt(TradingState state, string done, string by, string reason)
    {
        _stops++;
        _halting++;
        try
        {
            using var deadline = new CancellationTokenSource(rules.AckTimeout, time);
            var fact = Next(state, raiseEpoch: true, by, reason);
            books.Take(fact);
            LogMoved(logger, state, by, reason);
            var written = Written(fact);
            var cancel = venue.CancelAll(deadline.Token);

            var isDrained = await Drained(rules.AckTimeout / 2);
            await cancel;
            var left = await recovery.CancelEverything(deadline.Token);
            List<string> wrong = [];
            if (await written is { } why) wrong.Add($"NOT durable: {why}");
            if (!isDrained) wrong.Add("venue NOT confirmed: a send has not been answered yet");
            if (left.Length > 0) wrong.Add($"venue NOT confirmed: {left}");
            if (books.Epoch != fact.Epoch) wrong.Add("overtaken by another stop");
            return wrong.Count == 0 ? Answer(true, done) : Answer(false, $"stopped; {string.Join("; ", wrong)}");
        }
        finally
        {
            _halting--;
        }
    }

    /// <summary>No new risk, nothing resting, then SAFE.</summary>
    public async Task<ControlAnswer> Flatten(string by, string reason) => await Halt(TradingState.Safe, "flattened", by, reason);

    private async Task<ControlAnswer> Loosen(TradingState to, string done, string by, string reason)
    {
        var stops = _stops;
        _loosening++;
        try
        {
            if (!await books.RecordUnless(() => _stops != stops, Next(to, raiseEpoch: false, by, reason))) return Answer(false, "overtaken by a stop");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotDurable(logger, e);
            return Answer(false, $"not {done}: the journal did not take it: {e.Message}");
        }
        finally
        {
            _loosening--;
        }

        LogMoved(logger, to, by, reason);
        await tellPortfolio(books.Trading, books.Epoch);
        return books.Trading == to ? Answer(true, done) : Answer(false, "overtaken by a stop");
    }

    /// <summary>Writes what already holds, and tells the portfolio; null, or why the journal did not take it in time.</summary>
    private async Task<string?> Written(Fact.StateChanged fact)
    {
        var told = tellPortfolio(fact.To, fact.Epoch);
        try
        {
            await books.Write(fact).WaitAsync(rules.AckTimeout, time);
            await told;
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotDurable(logger, e);
            return e.Message;
        }
    }

    private async Task<bool> Drained(TimeSpan within)
    {
        try
        {
            await inFlight.Drained().WaitAsync(within, time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private Fact.StateChanged Next(TradingState state, bool raiseEpoch, string by, string reason) =>
        new(time.Now(), books.Trading, state, books.Epoch + (raiseEpoch ? 1 : 0), by, reason);

    private ControlAnswer Answer(bool isDone, string text) => new(isDone, text, books.Trading, books.Epoch);

    [LoggerMessage(LogLevel.Warning, "Trading is {State} now, by {By}: {Reason}")]
    private static partial void LogMoved(ILogger logger, TradingState state, string by, string reason);

    [LoggerMessage(LogLevel.Error, "A change of the trading state could not be written")]
    private static partial void LogNotDurable(ILogger logger, Exception exception);
}
