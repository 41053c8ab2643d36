using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.UserFeed;

/// <summary>An order event of the user channel (protocol sheet 5.1), where everything but the ids may be missing.</summary>
internal static class UserOrder
{
    /// <summary>Adds its news; false for an event of an unknown kind.</summary>
    public static bool TryRead(JsonElement order, List<OrderEvent> news)
    {
        var id = new OrderId(order.Text("id") is { Length: > 0 } text
            ? text.ToLowerInvariant()
            : throw new FormatException("an order without id"));
        var status = StatusOf(order.Text("status"));
        Size? matched = order.Text("size_matched") is { Length: > 0 } ? JsonText.Size(order.Utf8("size_matched")) : null; // A kill says "".

        switch (KindOf(order.Text("type"), status))
        {
            case "PLACEMENT":
                news.Add(status.Equals("DELAYED", StringComparison.OrdinalIgnoreCase) ? new OrderEvent.Delayed(id) : new OrderEvent.Placed(id));
                AddMatched();
                return true;

            case "UPDATE":
                AddMatched();
                return true;

            case "CANCELLATION":
                AddMatched();
                news.Add(new OrderEvent.Canceled(id, WhyCanceled(status)));
                return true;

            default:
                return false;
        }

        void AddMatched()
        {
            if (matched is { Micros: > 0 } shares) news.Add(new OrderEvent.Matched(id, shares, status.Equals("MATCHED", StringComparison.OrdinalIgnoreCase)));
        }
    }

    /// <summary>Without its prefix; the venue's own words after CANCELED_ keep their case.</summary>
    private static string StatusOf(string text) =>
        text.StartsWith("ORDER_STATUS_", StringComparison.OrdinalIgnoreCase) ? text["ORDER_STATUS_".Length..] : text;

    /// <summary>By prefix (protocol sheet 5.1, 7.9): the venue appends its reasons.</summary>
    public static VenueOrderStatus ReadStatus(string text) => StatusOf(text) switch
    {
        var status when IsCanceled(status) => VenueOrderStatus.Canceled,
        var status when status.StartsWith("MATCHED", StringComparison.OrdinalIgnoreCase) => VenueOrderStatus.Matched,
        var status when status.StartsWith("LIVE", StringComparison.OrdinalIgnoreCase) => VenueOrderStatus.Live,
        var status when status.StartsWith("DELAYED", StringComparison.OrdinalIgnoreCase) => VenueOrderStatus.Delayed,
        _ => VenueOrderStatus.Unknown,
    };

    private static string KindOf(string type, string status) => type.ToUpperInvariant() switch
    {
        "UPDATE" when IsCanceled(status) => "CANCELLATION",
        var kind and ("PLACEMENT" or "UPDATE" or "CANCELLATION") => kind,
        _ when IsCanceled(status) => "CANCELLATION",
        _ => "",
    };

    private static bool IsCanceled(string status) =>
        status.StartsWith("CANCELED", StringComparison.OrdinalIgnoreCase) || status.Equals("INVALID", StringComparison.OrdinalIgnoreCase);

    private static string WhyCanceled(string status) => status switch
    {
        "" or "CANCELED" => "canceled",
        _ when status.StartsWith("CANCELED_", StringComparison.OrdinalIgnoreCase) => status["CANCELED_".Length..],
        _ => $"canceled by the venue ({status})",
    };
}
