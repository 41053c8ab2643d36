using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.UserFeed;

namespace PolyArb.Polymarket.Orders;

/// <summary>The venue's own orders, cancels and balances as values (protocol sheet 7.8, 7.9). Throws FormatException on the rest.</summary>
internal static class OrderReads
{
    public static VenueOrder Order(JsonElement order) => new(
        new OrderId(Required(order, "id").ToLowerInvariant()),
        new ConditionId(Required(order, "market")),
        new TokenId(Required(order, "asset_id")),
        JsonText.Side(order.Utf8("side")),
        TypeOf(order.Text("order_type")),
        JsonText.NearestPrice(order.Utf8("price")),
        JsonText.Size(order.Utf8("original_size")),
        order.Text("size_matched") is { Length: > 0 } ? JsonText.Size(order.Utf8("size_matched")) : Size.Zero,
        UserOrder.ReadStatus(order.Text("status")),
        JsonText.Time(order.Utf8("created_at")));

    public static CancelAnswer Cancel(JsonElement answer)
    {
        if (!answer.TryGetProperty("canceled", out _)) throw new FormatException("no list of canceled orders");

        return new CancelAnswer(
            [.. answer.Items("canceled").Select(id => new OrderId(id.Scalar().ToLowerInvariant()))],
            answer.TryGetProperty("not_canceled", out var refused) && refused.ValueKind is JsonValueKind.Object
                ? refused.EnumerateObject()
                    .DistinctBy(one => one.Name, StringComparer.OrdinalIgnoreCase) // JSON allows a name twice.
                    .ToImmutableDictionary(one => new OrderId(one.Name.ToLowerInvariant()), one => one.Value.Scalar())
                : ImmutableDictionary<OrderId, string>.Empty);
    }

    private static OrderType? TypeOf(string text) => text.ToUpperInvariant() switch
    {
        "GTC" => OrderType.Gtc,
        "GTD" => OrderType.Gtd,
        "FOK" => OrderType.Fok,
        "FAK" => OrderType.Fak,
        _ => null, // An open set (5.1).
    };

    private static string Required(JsonElement element, string name) =>
        element.Text(name) is { Length: > 0 } text ? text : throw new FormatException($"an order without {name}");
}
