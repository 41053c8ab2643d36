using System.Globalization;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>The exchange as a process that people and the demo start and stop.</summary>
[Collection(nameof(EndToEnd))]
public sealed class ExchangeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ctrl_C_ends_it_unless_it_has_a_parent_who_hears_it_too()
    {
        await using var alone = Programs.Exchange("serve", "--port", "0");
        await using var child = Programs.Exchange("serve", "--port", "0", "--parent", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        await alone.Line("listening on ", Cancellation);
        var url = (await child.Line("listening on ", Cancellation))["listening on ".Length..];
        await child.Signal("INT");
        await alone.Signal("INT");

        Assert.Equal(0, (await alone.End(Cancellation)).ExitCode);
        using var http = new HttpClient();
        Assert.Equal("\"OK\"", await http.GetStringAsync(new Uri(url + "/ok"), Cancellation));
        await child.Signal("TERM");
        Assert.Equal(0, (await child.End(Cancellation)).ExitCode);
    }
}
