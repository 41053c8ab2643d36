using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PolyArb.Polymarket.Signing;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The headers of account requests against the official client's, byte for byte.</summary>
public class HmacVectorTests
{
    [Fact]
    public void Signs_requests_as_the_official_client_does()
    {
        foreach (var vector in Vectors.Cases("hmac-l2.json"))
        {
            var id = vector.Only("id", "tags", "inputs", "expected").At("id");
            var inputs = vector.GetProperty("inputs").Only("address", "creds", "method", "requestPath", "body", "timestamp", "nowMs");
            var timestamp = inputs.Find("timestamp") ?? (inputs.Number("nowMs") / 1_000).ToString(CultureInfo.InvariantCulture);
            using var request = new HttpRequestMessage();
            AuthHeaders.AddL2(
                request.Headers,
                inputs.At("address"),
                new Credentials(inputs.At("creds", "key"), inputs.At("creds", "secret"), inputs.At("creds", "passphrase")),
                timestamp,
                inputs.At("method"),
                inputs.At("requestPath"),
                Encoding.UTF8.GetBytes(inputs.Find("body") ?? ""));
            Same(id, vector.GetProperty("expected").GetProperty("headers"), request.Headers);
        }
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("QUJDR")]
    public void A_secret_that_is_none_is_not_shown(string secret) =>
        Assert.DoesNotContain(secret, Assert.Throws<FormatException>(() => new L2Hmac(secret)).Message, StringComparison.Ordinal);

    /// <summary>Exactly these headers, each once.</summary>
    internal static void Same(string id, JsonElement expected, HttpRequestHeaders actual) => Assert.Equal(
        expected.EnumerateObject().Select(header => (id, header.Name, header.Value.GetString()!)).Order(),
        actual.NonValidated.SelectMany(header => header.Value.Select(value => (id, header.Key, value))).Order());
}
