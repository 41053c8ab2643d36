using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// Asks for an address every minute. Who watches that address elsewhere notices a silent death, which nobody here could tell of. A life sign
/// proves that a stop would be obeyed and kept: the gateway answers in time, has asked the venue what is ours and does not recover for ever,
/// and its journal takes facts. It does not prove that anything is traded: PAUSED and SAFE are alive.
/// </summary>
internal sealed partial class DeadManPing(Uri address, HttpClient http, IGrainFactory grains, TimeProvider time, ILogger<DeadManPing> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A start or a break of the network takes a minute or two.</summary>
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromMinutes(10);

    /// <summary>What the alerts tell at once is a death when it lasts: whoever was to hear of it has not.</summary>
    private static readonly TimeSpan UnwrittenMax = TimeSpan.FromMinutes(5);

    private DateTimeOffset? _recoveringSince;
    private DateTimeOffset? _unwrittenSince;
    private string? _problem;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.Run(Period, time, Round, stoppingToken);

    private async Task Round(CancellationToken stopping)
    {
        var problem = await WhyDead(stopping) ?? await Ping(stopping);
        stopping.ThrowIfCancellationRequested();
        LogRound(problem ?? "sent");
        if (problem is not null && _problem is null) LogNoPing(problem);
        if (problem is null && _problem is not null) LogPing();
        _problem = problem;
    }

    /// <summary>Null: alive.</summary>
    private async Task<string?> WhyDead(CancellationToken stopping)
    {
        try
        {
            var status = await grains.GetGrain<IControl>(0).Status().WaitAsync(Patience, time, stopping);
            var now = time.GetUtcNow();
            _recoveringSince = status.Recovering ? _recoveringSince ?? now : null;
            _unwrittenSince = status.Journal.Length > 0 ? _unwrittenSince ?? now : null;
            return now - _recoveringSince > RecoveryMax ? $"the gateway has been recovering since {_recoveringSince:HH:mm} UTC: {status.Venue}"
                : now - _unwrittenSince > UnwrittenMax ? $"the journal has not been written since {_unwrittenSince:HH:mm} UTC: {status.Journal}"
                : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"the gateway does not answer: {e.Message}"; // Whatever it threw, this is not a life sign.
        }
    }

    private async Task<string?> Ping(CancellationToken stopping)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, stopping);
        try
        {
            using var response = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, ends.Token);
            return response.IsSuccessStatusCode ? null : $"HTTP {(int)response.StatusCode}";
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e is OperationCanceledException ? "no answer" : e.Message; // A life sign that fails in any way must not be a death.
        }
    }

    [LoggerMessage(LogLevel.Debug, "Life sign: {Outcome}")]
    private partial void LogRound(string outcome);

    [LoggerMessage(LogLevel.Warning, "No life sign to the dead-man address: {Why}")]
    private partial void LogNoPing(string why);

    [LoggerMessage(LogLevel.Information, "Life signs reach the dead-man address again")]
    private partial void LogPing();
}
