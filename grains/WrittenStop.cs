using Microsoft.Extensions.Logging;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// Obeys a stop file: it holds before it is written, and the file goes only when the journal has the stop, so that a crash anywhere
/// in between finds one or the other.
/// </summary>
/// <param name="kill">By whom, and why.</param>
internal sealed partial class WrittenStop(IStopFile file, GatewayBooks books, Func<string, string, Task> kill, TimeProvider time, ILogger logger)
{
    private bool _isObeyed;
    private bool _isInJournal;
    private string _trouble = "";

    public async Task Tick()
    {
        if (file.Read() is not { } order)
        {
            (_isObeyed, _isInJournal, _trouble) = (false, false, "");
            return;
        }

        // Once for each file, so that a silo which starts on one cancels as well; and again when it was paused while the file stayed.
        if (!_isObeyed || books.Trading is not TradingState.Safe)
        {
            (_isObeyed, _isInJournal) = (true, false);
            await kill(order.By, order.Reason);
        }

        await Retire(order);
    }

    /// <summary>The kill's own fact may have been refused, by a full disk for one: this one is durable or nothing.</summary>
    private async Task Retire(StopOrder order)
    {
        var epoch = books.Epoch;
        try
        {
            _isInJournal = _isInJournal || await books.RecordUnless(
                () => books.Trading is not TradingState.Safe || books.Epoch != epoch,
                new Fact.StateChanged(time.Now(), TradingState.Safe, TradingState.Safe, epoch, order.By, order.Reason));
            if (_isInJournal) file.Retire();
            _trouble = "";
        }
        catch (Exception e) when (e is not OutOfMemoryException and not FencedException)
        {
            if (e.Message != _trouble) LogStays(logger, e.Message);
            _trouble = e.Message;
        }
    }

    [LoggerMessage(LogLevel.Error, "The stop file stays: {Why}")]
    private static partial void LogStays(ILogger logger, string why);
}
