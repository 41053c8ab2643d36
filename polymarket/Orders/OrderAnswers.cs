using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// From the answer to a POST to news about its orders (protocol sheet 7.6, 7.7, 9.3). Pure. Everything that is not proof is
/// Unanswered: the order may be on the book.
/// </summary>
internal static class OrderAnswers
{
    public static ImmutableArray<OrderEvent> Read(VenueResponse response, ImmutableArray<SignedOrder> orders)
    {
        if (response.Status is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted) return ReadEntries(response, orders);
        if (response.Status is HttpStatusCode.BadRequest) return [.. orders.Select(order => OfBadRequest(order, response, orders.Length))];

        return Proof.OfNothingAccepted(response) is { } reason
            ? [.. orders.Select(order => new OrderEvent.Rejected(order.Id, reason))]
            : Unanswered(orders, response.Summary);
    }

    private static ImmutableArray<OrderEvent> ReadEntries(VenueResponse response, ImmutableArray<SignedOrder> orders)
    {
        try
        {
            var root = JsonElements.Parse(response.Body);
            JsonElement[] entries = root.ValueKind is JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
            return entries.Length == orders.Length
                ? [.. orders.Zip(entries, OfEntry)] // In the order of the request (7.7).
                : Unanswered(orders, $"{entries.Length} answers to {orders.Length} orders");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Unanswered(orders, response.IsPage ? response.Summary : "the answer is not JSON");
        }
    }

    private static OrderEvent OfEntry(SignedOrder order, JsonElement entry)
    {
        var error = entry.Text("errorMsg") is { Length: > 0 } message ? message : entry.Text("error");
        var id = entry.Text("orderID");
        var success = entry.Flag("success");
        if (error.Length > 0)
        {
            return Proof.IsDoubtful(error) || (success && id.Length > 0)
                ? new OrderEvent.Unanswered(order.Id, error)
                : new OrderEvent.Rejected(order.Id, error); // A refused leg of a batch says success with an empty id (7.7).
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

    private static OrderEvent OfBadRequest(SignedOrder order, VenueResponse response, int count)
    {
        var error = response.Error;
        var names = error.Contains(order.Id.Text, StringComparison.OrdinalIgnoreCase);
        var proves = count == 1 || names ? Proof.IsRefusal(error) : Proof.IsAboutThePayload(error);
        return proves ? new OrderEvent.Rejected(order.Id, error) : new OrderEvent.Unanswered(order.Id, response.Summary);
    }

    private static ImmutableArray<OrderEvent> Unanswered(ImmutableArray<SignedOrder> orders, string why) =>
        [.. orders.Select(order => new OrderEvent.Unanswered(order.Id, why))];
}
