using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>The way through FLATTENING to SAFE, by an operator's word or a breaker's.</summary>
/// <param name="excess">Shares that complete no basket.</param>
/// <param name="nudge">Every market with something to flatten looks at its news.</param>
internal sealed partial class FlattenPath(
    GatewayBooks books, TradingSwitch trading, Func<ImmutableArray<Position>> excess, Func<Task> nudge, RulesInForce rules, TimeProvider time,
    ILogger logger)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    /// <summary>No sale was possible for so long: what is left is held.</summary>
    private static readonly TimeSpan NoSaleFor = TimeSpan.FromSeconds(5);

    private Task<ControlAnswer>? _flattening;
    private FlattenRules? _begun; // A flattening goes on as it began.

    /// <summary>Shares that complete no basket are to be sold.</summary>
    public bool Sells => (_begun ?? rules.Now.Flatten).Sells;

    /// <summary>Once at a time: whoever asks meanwhile hears what the first one came to.</summary>
    public Task<ControlAnswer> Flatten(string by, string reason)
    {
        if (_flattening is { IsCompleted: false } under) return under;
        if (books.Trading is TradingState.Safe) return Task.FromResult(trading.Answer(true, "already safe"));

        return _flattening = Flattened(by, reason);
    }

    /// <summary>Call every moment: what a restart of this grain cut short goes on.</summary>
    public void Tick()
    {
        if (books.Trading is TradingState.Flattening && _flattening is null or { IsFaulted: true })
            _flattening = Sold(books.Epoch, isCanceled: true, "", "gateway", $"goes on flattening: {books.Reason}");
    }

    /// <summary>FLATTENING, nothing on the wire or in a book; then sales, where the mode is to sell; then SAFE.</summary>
    private async Task<ControlAnswer> Flattened(string by, string reason)
    {
        var halted = await trading.Halt(TradingState.Flattening, "flattening", by, reason);
        return halted.State is TradingState.Flattening ? await Sold(halted.Epoch, halted.IsDone, halted.IsDone ? "" : halted.Text, by, reason) : halted;
    }

    private async Task<ControlAnswer> Sold(long epoch, bool isCanceled, string trouble, string by, string reason)
    {
        var begun = _begun = rules.Now.Flatten;
        try
        {
            if (begun.Sells && isCanceled) await Sales(epoch, begun.Timeout);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotSold(logger, e);
            trouble = $"not flattened: {e.Message}"; // Whatever went wrong, the end of it is SAFE.
        }

        _begun = null;
        if (books.Epoch != epoch) return trading.Answer(false, "overtaken by another stop");

        var halted = await trading.Halt(TradingState.Safe, "flattened", by, reason);
        var held = excess();
        var rest = held.IsEmpty ? "" : $"; held, completing no basket: {string.Join(' ', held.Select(position => $"{position.Shares} of {position.Token}"))}";
        if (rest.Length > 0) LogHeld(logger, rest);
        return halted with { IsDone = halted.IsDone && trouble.Length == 0, Text = string.Join("; ", new[] { trouble, halted.Text + rest }.Where(text => text.Length > 0)) };
    }

    /// <summary>The markets sell; this waits until nothing is left, nothing more can be sold, or the time is over.</summary>
    private async Task Sales(long epoch, TimeSpan timeout)
    {
        var (end, lastSale, sales) = (time.Now() + timeout, time.Now(), Sales());
        while (books.Epoch == epoch && time.Now() < end)
        {
            var isSelling = books.Blotter.Unfinished.Any(order => order.Intent.Purpose is Purpose.Flatten && !order.IsClosed);
            if (isSelling || Sales() != sales) (lastSale, sales) = (time.Now(), Sales());
            if (!isSelling && (excess().IsEmpty || time.Now() - lastSale > NoSaleFor)) return;

            await nudge();
            await Task.Delay(LookEvery, time);
        }

        int Sales() => books.Blotter.Orders.Count(order => order.Intent.Purpose is Purpose.Flatten);
    }

    [LoggerMessage(LogLevel.Error, "Flattening was cut short")]
    private static partial void LogNotSold(ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Flattened{Rest}")]
    private static partial void LogHeld(ILogger logger, string rest);
}
