using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// From the answer to a POST to news about its orders (protocol sheet 7.6, 7.7, 9.3). Pure. Everything that is not proof is
/// Unanswered: the order may be on the book.
/// </summary>
internal static class OrderAnswers
{
    public static SendAnswer Read(VenueResponse response, ImmutableArray<SignedOrder> orders)
    {
        if (response.IsSuccess && !response.IsPage) return ReadEntries(response, orders);

        var verdict = Verdict.Of(response);
        return new SendAnswer([.. orders.Select(order => OfRefusal(order, response, verdict, orders.Length))], verdict.Failure);
    }

    private static SendAnswer ReadEntries(VenueResponse response, ImmutableArray<SignedOrder> orders)
    {
        try
        {
            var root = JsonElements.Parse(response.Body);
            JsonElement[] entries = root.ValueKind is JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            return entries.Length == orders.Length
                ? new SendAnswer([.. orders.Zip(entries, OfEntry)], entries.Select(RestOf).FirstOrDefault(rest => rest is not null)) // In the order of the request (7.7).
                : Unanswered(orders, $"{entries.Length} answers to {orders.Length} orders");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Unanswered(orders, "the answer is not JSON");
        }
    }

    private static VenueFailure.RetryAfter? RestOf(JsonElement entry) => ErrorOf(entry) is { Length: > 0 } error
        ? Verdict.RestOf(Rejections.Of(error, entry.Text("code")).Code, VenueResponse.SecondsIn(entry), error)
        : null;

    private static OrderEvent OfEntry(SignedOrder order, JsonElement entry)
    {
        var error = ErrorOf(entry);
        var id = entry.Text("orderID");
        var success = entry.Flag("success");
        if (error.Length > 0)
        {
            var (code, proof) = Rejections.Of(error, entry.Text("code"));
            return proof is Proof.Doubt || (success && id.Length > 0)
                ? new OrderEvent.Unanswered(order.Id, error)
                : new OrderEvent.Rejected(order.Id, error, code); // A refused leg of a batch says success with an empty id (7.7).
        }

        if (!success || id.Length == 0) return new OrderEvent.Unanswered(order.Id, "the answer neither accepts nor refuses");
        if (!id.Equals(order.Id.Text, StringComparison.OrdinalIgnoreCase))
            return new OrderEvent.Unanswered(order.Id, $"the venue answered for {id}");

        return entry.Text("status").ToLowerInvariant() switch
        {
            "live" or "unmatched" => new OrderEvent.Placed(order.Id), // Unmatched: accepted, nothing filled (C-9).
            "delayed" => new OrderEvent.Delayed(order.Id),
            "matched" => OfMatched(order, entry),
            var status => new OrderEvent.Unanswered(order.Id, $"unknown status '{status}'"),
        };
    }

    private static OrderEvent OfMatched(SignedOrder order, JsonElement entry)
    {
        var leg = order.Intent.Order;
        var text = entry.Text(leg.Side is Side.Buy ? "takingAmount" : "makingAmount");
        if (!Size.TryParse(Encoding.UTF8.GetBytes(text), out var shares) || shares == Size.Zero)
            return new OrderEvent.Unanswered(order.Id, "matched, without saying how much");

        // Published examples write base units where the venue sends shares (C-5): a whole number far beyond the order is one.
        if (!text.Contains('.', StringComparison.Ordinal) && shares.Micros / 1_000 > leg.Shares.Micros) shares = new Size(shares.Micros / 1_000_000);

        return new OrderEvent.Matched(order.Id, shares, leg.Type is OrderType.Fok or OrderType.Fak || shares >= leg.Shares);
    }

    private static OrderEvent OfRefusal(SignedOrder order, VenueResponse response, Verdict verdict, int count)
    {
        var proves = verdict.Proof switch
        {
            Proof.Request => true,
            Proof.Order => count == 1 || response.Error.Contains(order.Id.Text, StringComparison.OrdinalIgnoreCase),
            _ => false,
        };
        if (!proves) return new OrderEvent.Unanswered(order.Id, verdict.Failure.Why);

        return new OrderEvent.Rejected(order.Id, WordsOf(response, verdict), verdict.Code);
    }

    /// <summary>The venue's own where it has some for the order, else what we make of the answer.</summary>
    private static string WordsOf(VenueResponse response, Verdict verdict) => verdict.Failure switch
    {
        VenueFailure.Rejected => response.Error,
        VenueFailure.Down down => $"not sent: {down.Why}",
        var failure => failure.Why,
    };

    private static string ErrorOf(JsonElement entry) => entry.Text("errorMsg") is { Length: > 0 } message ? message : entry.Text("error");

    private static SendAnswer Unanswered(ImmutableArray<SignedOrder> orders, string why) =>
        new([.. orders.Select(order => new OrderEvent.Unanswered(order.Id, why))], new VenueFailure.Unanswered(why));
}
