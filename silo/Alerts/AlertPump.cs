using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// Brings what waits to one channel, one after the other, what matters most first, patiently: a channel that is down holds up nothing but itself,
/// and an alert that it does not take nothing that matters more.
/// </summary>
internal sealed partial class AlertPump(IAlertChannel channel, TimeProvider time, ILogger logger)
{
    /// <summary>An evening without a network.</summary>
    private const int WaitingMax = 200;

    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestMax = TimeSpan.FromMinutes(1);

    /// <summary>A channel may ask for patience, not for silence.</summary>
    private static readonly TimeSpan AskedRestMax = TimeSpan.FromMinutes(10);

    private readonly Outbox _outbox = new(WaitingMax);
    private volatile bool _isSending;
    private volatile bool _isHurried;
    private bool _isDown;

    /// <summary>Nothing waits and nothing is on its way.</summary>
    public bool IsIdle => _outbox.IsEmpty && !_isSending;

    /// <summary>The silo ends: what waits goes out at once.</summary>
    public void Hurry() => _isHurried = true;

    /// <summary>Never waits.</summary>
    public void Post(Alert alert) => _outbox.Put(alert);

    public async Task Run(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var (alert, leftOut) = await _outbox.Take(stopping);
            _isSending = true;
            try
            {
                await Deliver(leftOut == 0 ? alert : alert with { Text = $"{alert.Text}\n({leftOut} alerts before this one were lost)" }, stopping);
            }
            finally
            {
                _isSending = false;
            }

            if (!_isHurried) await Task.Delay(RestMin, time, stopping); // Channels count messages a minute.
        }
    }

    private async Task Deliver(Alert alert, CancellationToken stopping)
    {
        var rest = RestMin;
        for (var tries = 1; ; tries++)
        {
            switch (await channel.Send(alert, stopping))
            {
                case Delivery.Done:
                    if (_isDown) LogUp(channel.Name);
                    _isDown = false;
                    return;
                case Delivery.Failed(var why, _) when tries >= channel.TriesMax:
                    GiveUp(why);
                    return;
                case Delivery.Failed(var why, var asked):
                    stopping.ThrowIfCancellationRequested();
                    if (!_isDown) LogDown(channel.Name, why);
                    _isDown = true;
                    await Task.Delay(asked is { } wanted ? Spans.Shorter(wanted, AskedRestMax) : rest, time, stopping);
                    rest = Spans.Shorter(2 * rest, RestMax);
                    if (!_outbox.HasMoreUrgent(alert.Level)) break;

                    _outbox.PutBack(alert);
                    return;
                case Delivery.Refused(var why):
                    GiveUp(why);
                    return;
            }
        }
    }

    private void GiveUp(string why)
    {
        _outbox.Lost();
        LogLost(channel.Name, why);
    }

    [LoggerMessage(LogLevel.Warning, "Alerts do not reach {Channel}: {Why}; tried again until they do")]
    private partial void LogDown(string channel, string why);

    [LoggerMessage(LogLevel.Information, "Alerts reach {Channel} again")]
    private partial void LogUp(string channel);

    [LoggerMessage(LogLevel.Warning, "An alert for {Channel} is lost: {Why}")]
    private partial void LogLost(string channel, string why);
}
