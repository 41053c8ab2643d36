using PolyArb.Tests.Simulator;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>The built client against the built exchange, as a person starts both.</summary>
[Collection(nameof(EndToEnd))]
public sealed class DoctorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_doctor_passes_from_end_to_end_and_its_document_is_all_of_its_output()
    {
        using var directory = new TempDirectory();
        await using var exchange = Programs.Exchange("serve", "--port", "0");
        var url = (await exchange.Line("listening on ", Cancellation))["listening on ".Length..].Trim();
        await using var client = Running.Start(
            Programs.PathOf("client", "polyarb-client"),
            ["doctor", "--place", "--json"],
            directory.Root,
            [
                ("PRIVATE_KEY", Client.Operator.Key),
                ("CLOB_REST_URL", url),
                ("GAMMA_API_URL", url + "/gamma"),
                ("CLOB_WS_URL", url.Replace("http://", "ws://", StringComparison.Ordinal) + "/ws/"),
            ]);

        var ended = await client.End(Cancellation);

        Assert.All(ended.Json.EnumerateArray(), check => Assert.Equal(("PASS", ""), (check.Text("status"), check.Text("remedy"))));
        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Contains(ended.Json.EnumerateArray(), check => check.Text("name") == "order");
    }
}
