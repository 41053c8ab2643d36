using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Hosting;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// Asks for an address every minute, as long as this silo is really alive: its gateway answers in time and does not recover for ever. Who
/// watches that address elsewhere notices a silent death, which nobody here could tell of.
/// </summary>
internal sealed partial class DeadManPing(Uri address, HttpClient http, IGrainFactory grains, TimeProvider time, ILogger<DeadManPing> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A start or a break of the network takes a minute or two.</summary>
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromMinutes(10);

    private DateTimeOffset? _recoveringSince;
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
            _recoveringSince = status.Recovering ? _recoveringSince ?? time.GetUtcNow() : null;
            return time.GetUtcNow() - _recoveringSince > RecoveryMax ? $"the gateway has been recovering since {_recoveringSince:HH:mm} UTC: {status.Venue}" : null;
        }
        catch (Exception e) when (e is not OperationCanceledException)
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
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return e is OperationCanceledException ? "no answer" : e.Message;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Life sign: {Outcome}")]
    private partial void LogRound(string outcome);

    [LoggerMessage(LogLevel.Warning, "No life sign to the dead-man address: {Why}")]
    private partial void LogNoPing(string why);

    [LoggerMessage(LogLevel.Information, "Life signs reach the dead-man address again")]
    private partial void LogPing();
}
