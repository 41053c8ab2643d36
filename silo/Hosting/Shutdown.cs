using System.Diagnostics;
using Orleans.Providers;
using Orleans.Runtime;
using PolyArb.Grains;

namespace PolyArb.Silo.Hosting;

/// <summary>Ends the host in good order, and with it those of all other silos: a stop is the whole bot's.</summary>
internal sealed partial class Shutdown(IHostApplicationLifetime lifetime, IServiceProvider services, ILogger<Shutdown> logger) : IShutdown, IControllable
{
    /// <summary>By which silos reach each other's.</summary>
    public const string Name = "polyarb.shutdown";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public void Request() => _ = Task.Run(RequestAll);

    /// <summary>The only command: end.</summary>
    public Task<object?> ExecuteCommand(int command, object? arg)
    {
        lifetime.StopApplication();
        return Task.FromResult<object?>(null);
    }

    private async Task RequestAll()
    {
        try
        {
            if (services.GetRequiredService<Neighbours>().HasOthers)
                await services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).SendControlCommandToProvider<Shutdown>(Name, 0).WaitAsync(Patience);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogUnheard(e.Message);
        }
        finally
        {
            lifetime.StopApplication();
        }
    }

    [LoggerMessage(LogLevel.Warning, "Not every silo of the cluster may have heard that it ends: {Why}")]
    private partial void LogUnheard(string why);
}

/// <summary>
/// The host hears no signals of its own: Program does, and whoever runs the host decides what comes before its end. Two listeners
/// would stop the silo under a demo that is still counting.
/// </summary>
internal sealed class Unsignalled : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>What the stop at the end came to; decides the exit code.</summary>
internal sealed class StopOutcome
{
    public bool IsStopConfirmed { get; set; } = true;
}

/// <summary>
/// A silo that the cluster declared dead must not act for another moment. The stock handler sleeps two seconds first,
/// and grains keep running meanwhile.
/// </summary>
internal sealed class ImmediateExit : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => exception is not ThreadAbortException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        Console.Error.WriteLine($"fatal, this silo ends now: {context} {exception?.GetType().Name} {exception?.Message}");
        Process.GetCurrentProcess().Kill();
    }
}
