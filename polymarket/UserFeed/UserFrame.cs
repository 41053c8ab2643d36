using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.UserFeed;

/// <summary>What a frame of the user channel held besides its news.</summary>
/// <param name="Ignored">Events of another type, or of a status that says nothing.</param>
public readonly record struct UserFrameCounts(int Orders, int Trades, int Ignored);

/// <summary>Turns a user-channel frame into news about our orders. Pure: the fee curves are an argument.</summary>
public static class UserFrame
{
    /// <summary>
    /// Appends what the frame says to <paramref name="news"/>; false if it is not in the venue's format. A condition whose
    /// curve is unknown (null) is charged nothing: ask for the curve first.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> frame, Account us, Func<ConditionId, FeeCurve?> fees, List<OrderEvent> news, out UserFrameCounts counts,
        UnknownNames? unknown = null)
    {
        counts = default;
        var before = news.Count;
        try
        {
            if (IsBlank(frame)) return true;

            var root = JsonElements.Parse(frame);
            if (root.ValueKind is JsonValueKind.Array)
            {
                foreach (var item in root.EnumerateArray()) ReadEvent(item, us, fees, news, unknown, ref counts);
            }
            else
            {
                ReadEvent(root, us, fees, news, unknown, ref counts);
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            news.RemoveRange(before, news.Count - before); // All of a frame or none of it.
            counts = default;
            return false;
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> frame)
    {
        var text = frame.Trim(" \t\r\n"u8);
        return text.IsEmpty || text.SequenceEqual("PONG"u8) || text.SequenceEqual("\"\""u8) || text.SequenceEqual("[]"u8);
    }

    private static void ReadEvent(
        JsonElement item, Account us, Func<ConditionId, FeeCurve?> fees, List<OrderEvent> news, UnknownNames? unknown, ref UserFrameCounts counts)
    {
        if (item.ValueKind is not JsonValueKind.Object) throw new FormatException("an event that is no object");

        var type = TypeOf(item);
        UserNames.Note(item, type, unknown);
        switch (type)
        {
            case "ORDER" when UserOrder.TryRead(item, news):
                counts = counts with { Orders = counts.Orders + 1 };
                break;

            case "TRADE" when UserTrade.Read(item, us) is { } trade:
                news.AddRange(trade.Fills(fees).Select(fill => new OrderEvent.Filled(fill)));
                counts = counts with { Trades = counts.Trades + 1 };
                break;

            case "ORDER":
            case "TRADE":
                unknown?.Note("kind of news on the user channel", $"{type}_{item.Text("type")}_{item.Text("status")}");
                counts = counts with { Ignored = counts.Ignored + 1 };
                break;

            default:
                counts = counts with { Ignored = counts.Ignored + 1 };
                break;
        }
    }

    /// <summary>In capitals, as old frames have it. A frame without it says by its `type` what it is.</summary>
    private static string TypeOf(JsonElement item) => item.Text("event_type").ToUpperInvariant() switch
    {
        "" => item.Text("type").ToUpperInvariant() switch
        {
            "PLACEMENT" or "UPDATE" or "CANCELLATION" => "ORDER",
            var type => type,
        },
        var type => type,
    };
}
