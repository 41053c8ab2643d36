using System.Diagnostics;
using Orleans.Runtime;
using PolyArb.Grains;

namespace PolyArb.Silo.Hosting;

/// <summary>Ends the host in good order.</summary>
internal sealed class Shutdown(IHostApplicationLifetime lifetime) : IShutdown
{
    public void Request() => lifetime.StopApplication();
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
