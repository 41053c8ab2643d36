using System.Text;
using PolyArb.Silo.Hosting;
using Serilog;
using Serilog.Formatting.Compact;
using Xunit;

namespace PolyArb.Tests.Silo;

public class RedactorTests
{
    private const string Key = "47e179ec197488593b187f80a00eb0da91f1b9d0b13f8733639f19c30a34926a";

    private static readonly Redactor Redactor = new([Key, "planted-passphrase", null, "short"]);

    [Theory]
    [InlineData("0x47E179EC197488593B187F80A00EB0DA91F1B9D0B13F8733639F19C30A34926A is it", "0x(not shown) is it")]
    [InlineData("R+F57Bl0iFk7GH+AoA6w2pHxudCxP4czY58Zwwo0kmo=", "(not shown)=")]
    [InlineData("R-F57Bl0iFk7GH-AoA6w2pHxudCxP4czY58Zwwo0kmo", "(not shown)")]
    [InlineData("two: planted-passphrase, planted-passphrase", "two: (not shown), (not shown)")]
    [InlineData("a short word", "a short word")]
    [InlineData("", "")]
    public void Text_is_without_secrets_in_any_form(string text, string clean) => Assert.Equal(clean, Redactor.Clean(text));

    [Fact]
    public void Bytes_keep_their_length_and_those_without_a_secret_are_themselves()
    {
        Assert.Equal(
            """{"owner":"******************","x":"******************"}""",
            Encoding.UTF8.GetString(Redactor.Clean("""{"owner":"planted-passphrase","x":"planted-passphrase"}"""u8)));
        ReadOnlySpan<byte> clean = "nothing"u8;
        Assert.True(Redactor.Clean(clean) == clean);
    }

    [Fact]
    public void A_log_hides_them_in_messages_properties_and_exceptions()
    {
        using var text = new StringWriter();
        using (var log = new LoggerConfiguration().WriteTo.Sink(new Formatted(new RedactingFormatter(new CompactJsonFormatter(), Redactor), text)).CreateLogger())
        {
            log.Error(new InvalidOperationException($"bad key {Key}"), "with {Header}", "planted-passphrase");
        }

        Assert.Contains("bad key (not shown)", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, text.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("planted-passphrase", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_console_hides_them_however_they_are_written()
    {
        using var text = new StringWriter();
        using var console = new RedactingWriter(text, Redactor);

        console.WriteLine($"a {Key}");
        console.Write("b planted-passphrase");
        console.Write("c planted-passphrase".AsSpan());
        console.Write("d planted-passphrase".ToCharArray());

        Assert.DoesNotContain(Key, text.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("planted", text.ToString(), StringComparison.Ordinal);
    }

    private sealed class Formatted(RedactingFormatter formatter, TextWriter output) : Serilog.Core.ILogEventSink
    {
        public void Emit(Serilog.Events.LogEvent logEvent) => formatter.Format(logEvent, output);
    }
}
