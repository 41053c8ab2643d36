using System.Globalization;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using Serilog.Events;
using Serilog.Formatting;

namespace PolyArb.Silo.Hosting;

/// <summary>A console that shows no secret, whoever writes to it.</summary>
internal sealed class RedactingWriter(TextWriter inner, Redactor redactor) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => inner.Write(value);

    public override void Write(string? value) => inner.Write(value is null ? null : redactor.Clean(value));

    public override void WriteLine(string? value) => inner.WriteLine(value is null ? null : redactor.Clean(value));

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void Flush() => inner.Flush();
}

/// <summary>A log that holds no secret, in any of its properties and exceptions.</summary>
internal sealed class RedactingFormatter(ITextFormatter inner, Redactor redactor) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        inner.Format(logEvent, text);
        output.Write(redactor.Clean(text.ToString()));
    }
}

/// <summary>What could not be read, without a secret in it.</summary>
internal sealed class RedactingErrorLog(IErrorLog inner, Redactor redactor) : IErrorLog
{
    public void Keep(string where, string what, ReadOnlySpan<byte> bytes, Instant at) =>
        inner.Keep(where, redactor.Clean(what), redactor.Clean(bytes), at);
}
