using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// Pauses for reasons of our own: a journal that does not take facts, and whatever the process sees of itself. Going on is a person's
/// decision. A stop that could not be written is tried again until it is.
/// </summary>
/// <param name="pause">By whom, and why; holds from the moment it is called.</param>
internal sealed partial class SelfStop(
    ISelfCheck check, JournalWatch journal, GatewayBooks books, TradingSwitch trading, Func<string, string, Task> pause, TimeProvider time, ILogger logger)
{
    private const string Us = "silo";
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(1);

    private Instant _next;

    public async Task Tick()
    {
        var why = (journal.TakeFailure() ?? journal.Hang) is { } failure ? $"the journal cannot be written: {failure}" : check.Complaint;
        if (why is not null && books.Trading is TradingState.Running) await pause(Us, why); // Nothing awaited in between: pause would also lead out of SAFE.
        await WriteAgain();
    }

    private async Task WriteAgain()
    {
        if (!trading.IsUnwritten || books.Trading is TradingState.Running || time.Now() < _next) return;

        _next = time.Now() + AgainAfter;
        var (state, epoch, by, reason) = (books.Trading, books.Epoch, books.By, books.Reason);
        try
        {
            if (await books.RecordUnless(
                () => books.Trading != state || books.Epoch != epoch, new Fact.StateChanged(time.Now(), state, state, epoch, by, reason)))
            {
                trading.Wrote();
                LogWritten(logger, state, by, reason);
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException and not FencedException)
        {
            // Still so, and `status` says why.
        }
    }

    [LoggerMessage(LogLevel.Warning, "The journal takes facts again: {State} by {By} is in it ({Reason})")]
    private static partial void LogWritten(ILogger logger, TradingState state, string by, string reason);
}
