using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>
/// The kill switch at the gateway. A move toward stopping holds in memory at once and is written then; a move toward running
/// is durable before it is true, and any word against trading that comes meanwhile beats it.
/// </summary>
/// <param name="cancel">Asks the venue to cancel these, and takes what it answers. Returns at once.</param>
internal sealed partial class TradingSwitch(
    GatewayBooks books, IVenue venue, InFlight inFlight, Tenure tenure, Func<TradingState, long, Task> tellPortfolio,
    Action<ImmutableArray<OrderId>> cancel, RulesInForce rules, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    private int _stops; // Counts every word against trading.
    private int _loosening;
    private int _halting;
    private Instant _nextCancel;

    /// <summary>The state holds in memory alone: a restart would not know of it.</summary>
    public bool IsUnwritten { get; private set; }

    public async Task<ControlAnswer> Pause(string by, string reason)
    {
        _stops++;
        if (_halting > 0) return Answer(false, "a stop is under way");
        if (books.Trading is TradingState.Safe) return await Loosen(TradingState.Paused, "paused", by, reason);
        if (books.Trading is TradingState.Flattening) return await Halt(TradingState.Paused, "paused, no longer flattening", by, reason);
        if (books.Trading is TradingState.Paused && _loosening == 0) return Answer(true, "already paused");

        var fact = Next(TradingState.Paused, raiseEpoch: false, by, reason);
        books.Take(fact);
        LogMoved(logger, TradingState.Paused, by, reason);
        using var deadline = new CancellationTokenSource(rules.Now.AckTimeout, time);
        return await Written(fact, deadline.Token) is { } why ? Answer(false, $"paused; NOT durable: {why}") : Answer(true, "paused");
    }

    public async Task<ControlAnswer> Resume(string by, string reason)
    {
        if (books.Trading is TradingState.Running) return Answer(true, "already running");
        if (!KillSwitch.CanMove(books.Trading, TradingState.Running)) return Answer(false, $"cannot resume in {Word(books.Trading)}: pause first, then resume");
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
        var within = rules.Now.AckTimeout;
        try
        {
            using var deadline = new CancellationTokenSource(within * 0.9, time);
            var fact = Next(state, raiseEpoch: true, by, reason);
            books.Take(fact);
            LogMoved(logger, state, by, reason);
            var written = Written(fact, deadline.Token);
            var canceling = venue.CancelAll(deadline.Token);

            using var patience = new CancellationTokenSource(within / 2, time);
            await Drained(patience.Token); // The rest of the time is for the venue.
            await canceling;
            var isAlone = await Alone(deadline.Token);
            var (isRead, left, why) = await CancelEverything.UntilEmpty(venue, () => Task.Delay(AskAgainAfter, time), deadline.Token);
            List<string> wrong = isAlone ? [] : ["the gateway before this one may still send: its lease has not run out"];
            if (await written is { } unwritten) wrong.Add($"NOT durable: {unwritten}");
            var isDrained = await Drained(deadline.Token); // What was written meanwhile and held back is told by now.
            if (Doubts(left, isDrained, isRead, why) is { Length: > 0 } doubts) wrong.Add($"venue NOT confirmed: {doubts}");
            if (books.Epoch != fact.Epoch) wrong.Add("overtaken by another stop");
            return wrong.Count == 0 ? Answer(true, done) : Answer(false, $"stopped; {string.Join("; ", wrong)}");
        }
        finally
        {
            _halting--;
        }
    }

    /// <summary>
    /// Call every moment. After a stop, what the venue may still have of ours is cancelled again every second until it has ended.
    /// </summary>
    public void Tick()
    {
        if (books.Trading is not (TradingState.Safe or TradingState.Flattening) || time.Now() < _nextCancel) return;

        ImmutableArray<OrderId> open = [.. books.Blotter.Unfinished.Where(IsOutThere).Select(order => order.Id)];
        if (open.IsEmpty) return;

        _nextCancel = time.Now() + AgainAfter;
        cancel(open);
    }

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

        IsUnwritten = false;
        LogMoved(logger, to, by, reason);
        await tellPortfolio(books.Trading, books.Epoch);
        return books.Trading == to ? Answer(true, done) : Answer(false, "overtaken by a stop");
    }

    /// <summary>Writes what already holds, and tells the portfolio; null, or why the journal did not take it in time.</summary>
    private async Task<string?> Written(Fact.StateChanged fact, CancellationToken deadline)
    {
        var told = tellPortfolio(fact.To, fact.Epoch);
        string? why;
        try
        {
            await books.Write(fact).WaitAsync(deadline);
            IsUnwritten &= (books.Trading, books.Epoch) != (fact.To, fact.Epoch); // A newer one speaks for itself.
            why = null;
        }
        catch (OperationCanceledException)
        {
            LogNotDurable(logger, null);
            why = "the disk did not take it in time";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotDurable(logger, e);
            why = e.Message;
        }

        IsUnwritten |= why is not null;
        await Task.WhenAny(told, Task.Delay(Timeout.InfiniteTimeSpan, time, deadline)); // The fence holds without it.
        return why;
    }

    /// <summary>The journal has the state as it is now, or a newer one.</summary>
    public void Wrote() => IsUnwritten = false;

    /// <summary>No gateway but this one can send any more.</summary>
    private async Task<bool> Alone(CancellationToken deadline)
    {
        try
        {
            await tenure.Begun.WaitAsync(deadline);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> Drained(CancellationToken deadline)
    {
        try
        {
            await inFlight.Drained().WaitAsync(deadline);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The orders in doubt, and why; empty when the venue has nothing of ours for certain.</summary>
    private string Doubts(ImmutableArray<OrderId> left, bool isDrained, bool isRead, string why)
    {
        var reason = !isRead ? why : !isDrained ? "a send has not been answered" : "";
        var orders = string.Join(' ', left.Concat(Unknown(isDrained && isRead)).Distinct());
        return (orders.Length, reason.Length) switch
        {
            (0, _) => reason,
            (_, 0) => orders,
            _ => $"{orders} ({reason})",
        };
    }

    /// <summary>
    /// Orders of which the venue may know more than its list of open orders tells: nobody answered for them, or they wait in its taker
    /// delay. All that are not over, where that list could not be read.
    /// </summary>
    private IEnumerable<OrderId> Unknown(bool isConfirmed) => books.Blotter.Unfinished
        .Where(order => IsOutThere(order) && (!isConfirmed || order.State is OrderState.InFlight or OrderState.Unanswered or OrderState.Delayed))
        .Select(order => order.Id);

    private static bool IsOutThere(Order order) => order is { IsClosed: false, IsDone: false };

    private Fact.StateChanged Next(TradingState state, bool raiseEpoch, string by, string reason) =>
        new(time.Now(), books.Trading, state, books.Epoch + (raiseEpoch ? 1 : 0), by, reason);

    public ControlAnswer Answer(bool isDone, string text) => new(isDone, text, books.Trading, books.Epoch);

    private static string Word(TradingState state) => state.ToString().ToUpperInvariant();

    [LoggerMessage(LogLevel.Warning, "Trading is {State} now, by {By}: {Reason}")]
    private static partial void LogMoved(ILogger logger, TradingState state, string by, string reason);

    [LoggerMessage(LogLevel.Error, "A change of the trading state could not be written")]
    private static partial void LogNotDurable(ILogger logger, Exception? exception);
}
