using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>
/// What the venue leaves open, as switches: {selfTrades, sellsNeedMined, checksMoney: true | false, holdMs: 0 to 60000,
/// shuffleUserEvents: seed | null}. Only what is named changes; nothing changes when one of them is wrong. Answers how they stand.
/// </summary>
internal sealed class SimSwitches(Exchange exchange)
{
    private const long HoldMsMax = 60_000;

    public Answer Set(JsonElement body)
    {
        if (body.ValueKind is not JsonValueKind.Object) return Answer.Error(400, "the body must be an object of switches");

        List<Action> changes = [];
        foreach (var named in body.EnumerateObject())
        {
            if (Change(named.Name, named.Value) is not { } change) return Answer.Error(400, $"{named.Name} is no switch, or this is no value of it");
            changes.Add(change);
        }

        lock (exchange.Gate)
        {
            foreach (var change in changes) change();
            return Answer.Object(Write);
        }
    }

    private Action? Change(string name, JsonElement value) => (name, value.ValueKind) switch
    {
        ("selfTrades", JsonValueKind.True or JsonValueKind.False) => () => exchange.AllowsSelfTrades = value.GetBoolean(),
        ("sellsNeedMined", JsonValueKind.True or JsonValueKind.False) => () => exchange.SellsNeedMined = value.GetBoolean(),
        ("checksMoney", JsonValueKind.True or JsonValueKind.False) => () => exchange.ChecksMoney = value.GetBoolean(),
        ("holdMs", JsonValueKind.Number) when value.TryGetInt64(out var ms) && ms is >= 0 and <= HoldMsMax => () => exchange.Holds.HoldMs = ms,
        ("shuffleUserEvents", JsonValueKind.Null) => () => exchange.Users.Shuffle = null,
        ("shuffleUserEvents", JsonValueKind.Number) when value.TryGetUInt64(out var seed) => () => exchange.Users.Shuffle = new SeededRandom(seed),
        _ => null,
    };

    private void Write(Utf8JsonWriter json)
    {
        json.WriteBoolean("selfTrades", exchange.AllowsSelfTrades);
        json.WriteBoolean("sellsNeedMined", exchange.SellsNeedMined);
        json.WriteBoolean("checksMoney", exchange.ChecksMoney);
        json.WriteNumber("holdMs", exchange.Holds.HoldMs);
        json.WriteBoolean("shuffleUserEvents", exchange.Users.Shuffle is not null);
    }
}
