using System.Text.Json;

namespace PolyArb.Tests.EndToEnd;

/// <summary>What the client says of our money against what the exchange says of it.</summary>
internal static class Ledgers
{
    private const string Wallet = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

    public static async Task<string[]> Differences(int port, HttpClient http, Uri exchange, CancellationToken cancellation)
    {
        var ours = (await Programs.Client(port, cancellation, "positions", "--json")).Json;
        var fills = (await Programs.Client(port, cancellation, "fills", "--json")).Json;
        using var ledger = JsonDocument.Parse(await http.GetStringAsync(new Uri(exchange, "/sim/ledger"), cancellation));
        var theirs = ledger.RootElement.GetProperty("accounts").GetProperty(Wallet);

        return [.. Compare("cash", [ours.GetProperty("cash").GetString()!], [theirs.GetProperty("cash").GetString()!])
            .Concat(Compare(
                "position",
                ours.GetProperty("positions").EnumerateArray().Select(held => $"{held.GetProperty("token").GetString()} {held.GetProperty("qty").GetString()}"),
                theirs.GetProperty("positions").EnumerateObject().Where(held => held.Value.GetString() != "0").Select(held => $"{held.Name} {held.Value.GetString()}")))
            .Concat(Compare("trade", fills.EnumerateArray().Select(Trade), theirs.GetProperty("trades").EnumerateArray().Select(Trade)))];
    }

    private static string Trade(JsonElement trade) => string.Join(' ', new[] { "tradeId", "orderId", "size", "fee", "status" }.Select(name => trade.GetProperty(name).GetString()));

    private static IEnumerable<string> Compare(string what, IEnumerable<string> ours, IEnumerable<string> theirs)
    {
        var (mine, venue) = (ours.ToHashSet(StringComparer.OrdinalIgnoreCase), theirs.ToHashSet(StringComparer.OrdinalIgnoreCase));
        return mine.Except(venue, StringComparer.OrdinalIgnoreCase).Select(only => $"{what} only ours: {only}")
            .Concat(venue.Except(mine, StringComparer.OrdinalIgnoreCase).Select(only => $"{what} only theirs: {only}"));
    }
}
