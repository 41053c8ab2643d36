using System.Collections.Concurrent;
using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace PolyArb.Silo.Alerts;

/// <summary>The log's errors, which are to wake somebody, until they are collected. Whoever logs never waits.</summary>
internal sealed class LoggedErrors : ILogEventSink
{
    private const int WaitingMax = 100;

    private static readonly MessageTemplateTextFormatter Sentence = new("{Message:l}", CultureInfo.InvariantCulture);

    private readonly ConcurrentQueue<LogEvent> _waiting = new();
    private int _leftOut;

    public void Emit(LogEvent logEvent)
    {
        if (logEvent.Level < LogEventLevel.Error) return;

        if (_waiting.Count < WaitingMax) _waiting.Enqueue(logEvent);
        else Interlocked.Increment(ref _leftOut);
    }

    /// <summary>Those since the last call: a topic for each sentence of the program, and what it said this time.</summary>
    public IEnumerable<(string Topic, string Text)> Collect()
    {
        while (_waiting.TryDequeue(out var error))
        {
            using var text = new StringWriter(CultureInfo.InvariantCulture);
            Sentence.Format(error, text);
            var why = error.Exception is { } exception ? $" ({exception.GetType().Name}: {exception.Message})" : "";
            yield return ($"log: {error.MessageTemplate.Text}", $"{text}{why}");
        }

        if (Interlocked.Exchange(ref _leftOut, 0) is > 0 and var more) yield return ("log", $"{more} more errors are in the log");
    }
}
