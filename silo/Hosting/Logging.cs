using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Compact;
using Serilog.Formatting.Display;
using ILogger = Serilog.ILogger;

namespace PolyArb.Silo.Hosting;

/// <summary>Sentences on the console, the same as compact JSON in the data directory's logs.</summary>
internal static partial class Logging
{
    /// <param name="cluster">How much of Orleans' own log is kept.</param>
    /// <param name="errors">Gets every event as well.</param>
    public static ILogger Create(LogEventLevel level, LoggingLevelSwitch cluster, string directory, Redactor redactor, ILogEventSink errors) => new LoggerConfiguration()
        .MinimumLevel.Is(level)
        .MinimumLevel.Override("Orleans", cluster)
        .MinimumLevel.Override("Orleans.Runtime.Silo", LogEventLevel.Error) // Recommends server GC; workstation GC is right for two cores.
        .MinimumLevel.Override("Orleans.Runtime.Watchdog", LogEventLevel.Error) // Takes the machine's uptime for a stuck thread.
        .MinimumLevel.Override("Orleans.Runtime.NoOpHostEnvironmentStatistics", LogEventLevel.Error)
        .MinimumLevel.Override("Orleans.Runtime.MembershipService.SiloHealthMonitor", LogEventLevel.Error) // A silo that is gone is news once, not each probe.
        .MinimumLevel.Override("Orleans.Runtime.MembershipService.ClusterHealthMonitor", LogEventLevel.Error)
        .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
        .MinimumLevel.Override("System.Net.Http", LogEventLevel.Warning)
        .MinimumLevel.Override("Polly", LogEventLevel.Fatal) // A read that is retried is not news; one that fails is said by its caller.
        .WriteTo.Console(new RedactingFormatter(
            new MessageTemplateTextFormatter(
                "{Timestamp:HH:mm:ss.fff} {Level:u3} {Message:l}{NewLine}{Exception}", System.Globalization.CultureInfo.InvariantCulture),
            redactor))
        .WriteTo.File(
            new RedactingFormatter(new CompactJsonFormatter(), redactor), Path.Combine(directory, "silo-.jsonl"), rollingInterval: RollingInterval.Day,
            retainedFileCountLimit: 14, fileSizeLimitBytes: 256L << 20, rollOnFileSizeLimit: true)
        .WriteTo.Sink(errors, LogEventLevel.Error)
        .CreateLogger();

    /// <summary>For parts without a logger of their own.</summary>
    public static Action<string> Complain(ILoggerFactory loggers, string where)
    {
        var logger = loggers.CreateLogger(where);
        return what => LogComplaint(logger, where, what);
    }

    /// <summary>Once, at start: which library signs, and why not the other.</summary>
    public static void SigningWith(IServiceProvider services, string backend) =>
        LogSigning(services.GetRequiredService<ILoggerFactory>().CreateLogger("Signing"), backend);

    /// <summary>Once, at start: who edits the file must learn that he is not obeyed.</summary>
    public static void Overruled(IServiceProvider services, IEnumerable<string> lines)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Configuration");
        foreach (var line in lines) LogOverruled(logger, line);
    }

    /// <summary>Once, at start, where it is so.</summary>
    public static void OthersMay(IServiceProvider services, string file, UnixFileMode others) =>
        LogOthersMay(services.GetRequiredService<ILoggerFactory>().CreateLogger("Secrets"), file, others);

    [LoggerMessage(LogLevel.Warning, "Others than its owner can read or change {File} ({Modes}), which holds secrets: chmod 600 {File}")]
    private static partial void LogOthersMay(Microsoft.Extensions.Logging.ILogger logger, string file, UnixFileMode modes);

    [LoggerMessage(LogLevel.Warning, "{Line}")]
    private static partial void LogOverruled(Microsoft.Extensions.Logging.ILogger logger, string line);

    [LoggerMessage(LogLevel.Information, "Orders are signed by {Backend}")]
    private static partial void LogSigning(Microsoft.Extensions.Logging.ILogger logger, string backend);

    [LoggerMessage(LogLevel.Error, "{Where}: {What}")]
    private static partial void LogComplaint(Microsoft.Extensions.Logging.ILogger logger, string where, string what);
}
