using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.UserFeed;

/// <summary>What one maker gave to a trade. The price is of the leg's own token.</summary>
public sealed record TradeLeg(OrderId Order, bool IsOurs, TokenId Token, Size Shares, Price Price);

/// <summary>
/// One execution of a taker order against its makers (protocol sheet 5.2), as the user channel pushes it and
/// `/data/trades` lists it.
/// </summary>
public sealed record UserTrade
{
    /// <summary>Legs may fall short of the trade by dust (5.3).</summary>
    private static readonly Size Dust = new(10_000);

    public required TradeId Id { get; init; }

    public required TradeStatus Status { get; init; }

    public required ConditionId Condition { get; init; }

    public required OrderId TakerOrder { get; init; }

    public required bool WeTook { get; init; }

    public required TokenId Token { get; init; }

    public required Size Shares { get; init; }

    public required Price Price { get; init; }

    public required Instant At { get; init; }

    public required ImmutableArray<TradeLeg> Legs { get; init; }

    /// <summary>Null for a status that changes nothing. Throws FormatException on what is no trade.</summary>
    public static UserTrade? Read(JsonElement trade, Account us)
    {
        if (StatusOf(trade.Text("status")) is not { } status) return null;

        ImmutableArray<TradeLeg> legs = [.. trade.Items("maker_orders").Select(leg => Leg(leg, us))];
        return new UserTrade
        {
            Id = new TradeId(Required(trade, "id")),
            Status = status,
            Condition = new ConditionId(Required(trade, "market")),
            TakerOrder = new OrderId(Required(trade, "taker_order_id").ToLowerInvariant()),
            WeTook = trade.Text("trader_side") switch
            {
                var side when side.Equals("TAKER", StringComparison.OrdinalIgnoreCase) => true,
                var side when side.Equals("MAKER", StringComparison.OrdinalIgnoreCase) => false,
                _ => !legs.Any(leg => leg.IsOurs) && us.IsUs(trade.Text("maker_address"), trade.Text("owner")),
            },
            Token = new TokenId(Required(trade, "asset_id")),
            Shares = JsonText.Size(trade.Utf8("size")),
            Price = JsonText.NearestPrice(trade.Utf8("price")),
            At = TimeOf(trade),
            Legs = legs,
        };
    }

    /// <summary>Our own part in it: a fill as the taker and one for each of our maker legs, both where one order of ours met another.</summary>
    public IEnumerable<Fill> Fills(Func<ConditionId, FeeCurve?> fees)
    {
        var made = Legs.Where(leg => leg.IsOurs).Select(leg =>
            new Fill(Id, leg.Order, Status, leg.Shares, Usd.Proceeds(leg.Price, leg.Shares), Usd.Zero, leg.Price, At));
        return WeTook ? made.Prepend(TakerFill(fees(Condition) ?? FeeCurve.Free)) : made;
    }

    /// <summary>
    /// Exact from the legs: makers fill at their own prices, and of a pair that is minted or merged with the sibling's maker the rest of
    /// each dollar is ours. Without legs, what the trade says of itself (5.3).
    /// </summary>
    private Fill TakerFill(FeeCurve fee)
    {
        var missing = Shares.Micros - Legs.Sum(leg => leg.Shares.Micros);
        if (Math.Abs(missing) > Dust.Micros)
            return new Fill(Id, TakerOrder, Status, Shares, Usd.Proceeds(Price, Shares), fee.Charge([new Level(Price, Shares)]), Price, At);

        Level[] levels = [.. Legs.Select(leg => new Level(leg.Token == Token ? leg.Price : leg.Price.Complement, leg.Shares))];
        var amount = new Usd(Legs.Sum(leg =>
        {
            var theirs = Usd.Proceeds(leg.Price, leg.Shares).Micros;
            return leg.Token == Token ? theirs : leg.Shares.Micros - theirs;
        }));
        return new Fill(Id, TakerOrder, Status, Shares, amount, fee.Charge(levels), Price, At);
    }

    private static TradeLeg Leg(JsonElement leg, Account us) => new(
        new OrderId(Required(leg, "order_id").ToLowerInvariant()),
        us.IsUs(leg.Text("maker_address"), leg.Text("owner")),
        new TokenId(Required(leg, "asset_id")),
        JsonText.Size(leg.Utf8("matched_amount")),
        JsonText.NearestPrice(leg.Utf8("price")));

    /// <summary>By prefix: REST writes TRADE_STATUS_MATCHED_NOT_BROADCASTED where the channel writes MATCHED (C-4).</summary>
    private static TradeStatus? StatusOf(string text)
    {
        var status = text.StartsWith("TRADE_STATUS_", StringComparison.OrdinalIgnoreCase) ? text["TRADE_STATUS_".Length..] : text;
        return status.ToUpperInvariant() switch
        {
            var s when s.StartsWith("MATCHED", StringComparison.Ordinal) => TradeStatus.Matched,
            "MINED" => TradeStatus.Mined,
            "RETRYING" => TradeStatus.Retrying,
            "CONFIRMED" => TradeStatus.Confirmed,
            "FAILED" => TradeStatus.Failed,
            _ => null,
        };
    }

    /// <summary>The match, not the push: the same trade is sent again for every status.</summary>
    private static Instant TimeOf(JsonElement trade)
    {
        foreach (var name in (string[])["match_time", "matchtime", "timestamp"])
        {
            if (trade.Text(name) is { Length: > 0 }) return JsonText.Time(trade.Utf8(name));
        }

        return default;
    }

    private static string Required(JsonElement element, string name) =>
        element.Text(name) is { Length: > 0 } text ? text : throw new FormatException($"a trade without {name}");
}
