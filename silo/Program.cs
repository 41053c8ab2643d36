using System.Net.Sockets;
using System.Runtime.InteropServices;
using Orleans.Runtime;
using PolyArb.Silo.CommandLine;
using PolyArb.Silo.Demo;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Replay;
using PolyArb.Storage;

// Exit codes: 0 done, 1 failed (one line on stderr), 2 bad usage or configuration, or a data directory of another owner.
using var interrupted = new CancellationTokenSource();
using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
using var onHangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Interrupt); // A terminal that went away ends it in good order too.
var time = new SteadyTime(TimeProvider.System);
try
{
    switch (SiloArguments.Parse(args))
    {
        case SiloArgumentsResult.HelpShown(var text):
            Console.WriteLine(text);
            return 0;
        case SiloArgumentsResult.UsageError(var line):
            return Complain(line, exitCode: 2);
        case SiloArgumentsResult.Parsed(SiloArguments.Demo demo):
            return await new DemoRun(demo, time).Run(interrupted.Token);
        case SiloArgumentsResult.Parsed(SiloArguments.Backtest backtest):
            return await Backtest(backtest);
        case SiloArgumentsResult.Parsed(SiloArguments.Run run):
            return await new SiloRun(run, time).Run(interrupted.Token);
        default:
            throw new System.Diagnostics.UnreachableException();
    }
}
catch (Exception e) when (interrupted.IsCancellationRequested && e is OperationCanceledException or OrleansLifecycleCanceledException)
{
    return 0;
}
catch (Exception e) when (e is DataDirectoryException or ExchangeUsageException)
{
    return Complain(e.Message, exitCode: 2);
}
catch (Exception e) when (e is StorageException or IOException or InvalidOperationException or HttpRequestException or TimeoutException or OrleansException or SocketException
    or UnauthorizedAccessException)
{
    return Complain(e.Message, exitCode: 1);
}

async Task<int> Backtest(SiloArguments.Backtest backtest) => backtest.Replay switch
{
    ReplayKind.Verify => await VerifyRun.Run(backtest, interrupted.Token),
    ReplayKind.Simulate => await SimulateRun.Run(backtest, interrupted.Token),
    _ => throw new System.Diagnostics.UnreachableException(),
};

void Interrupt(PosixSignalContext signal)
{
    signal.Cancel = true;
    interrupted.Cancel();
}

static int Complain(string line, int exitCode)
{
    Console.Error.WriteLine($"polyarb-silo: {line}");
    return exitCode;
}
