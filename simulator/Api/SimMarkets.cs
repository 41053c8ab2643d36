using System.Globalization;
using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>What tests do to markets and to the venue as a whole. Answers {"ok":true} or 400 with one sentence.</summary>
internal sealed class SimMarkets(Exchange exchange)
{
    private const int OfDollar = 100; // Micros in 1/10,000.
    private const long LongestMs = 366 * 86_400_000L;

    /// <summary>{condition, tick}</summary>
    public Answer Tick(JsonElement body) => Of(body, condition =>
        SimChain.TryMicros(body, "tick", out var micros) && micros % OfDollar == 0 && micros < Units.MicrosOne
            ? exchange.Life.ChangeTick(condition, (int)(micros / OfDollar))
            : "tick must be a price step");

    /// <summary>{condition}</summary>
    public Answer Close(JsonElement body) => Of(body, exchange.Life.Close);

    /// <summary>{condition, winner}: an outcome's name, a token id, or "50/50".</summary>
    public Answer Resolve(JsonElement body) => Of(body, condition =>
    {
        var winner = SimChain.Text(body, "winner");
        if (winner == "50/50") return exchange.Life.Resolve(condition, null);

        for (var token = 0; token < 2; token++)
        {
            var named = winner == condition.Tokens[token] || winner.Equals(condition.Outcomes[token], StringComparison.OrdinalIgnoreCase);
            if (named) return exchange.Life.Resolve(condition, token);
        }

        return "winner must be an outcome, a token id or 50/50";
    });

    /// <summary>{question, tick, hydrationMs}: a standalone yes/no market without fees; the answer names it.</summary>
    public Answer List(JsonElement body)
    {
        var question = SimChain.Text(body, "question");
        if (question.Length == 0) return Answer.Error(400, "question is missing");
        if (!SimChain.TryMicros(body, "tick", out var tick)) tick = 100 * OfDollar;
        if (tick % OfDollar != 0 || tick >= Units.MicrosOne) return Answer.Error(400, "tick must be a price step");

        lock (exchange.Gate)
        {
            var condition = Standalone(question, (int)(tick / OfDollar));
            if (exchange.Life.List(condition, Milliseconds(body, "hydrationMs")) is { } refusal) return Answer.Error(400, refusal);

            return Answer.Object(json =>
            {
                json.WriteBoolean("ok", true);
                json.WriteString("condition", condition.Id);
                json.WriteStrings("tokens", condition.Tokens);
            });
        }
    }

    /// <summary>{mode, durationMs}: normal, restarting, post-only, cancel-only or disabled; no duration means until it is set again.</summary>
    public Answer Mode(JsonElement body)
    {
        Mode? mode = SimChain.Text(body, "mode") switch
        {
            "normal" => Engine.Mode.Normal,
            "restarting" => Engine.Mode.Restarting,
            "post-only" => Engine.Mode.PostOnly,
            "cancel-only" => Engine.Mode.CancelOnly,
            "disabled" => Engine.Mode.Disabled,
            _ => null,
        };
        if (mode is not { } wanted) return Answer.Error(400, "mode must be normal, restarting, post-only, cancel-only or disabled");

        lock (exchange.Gate) exchange.Mode.Set(wanted, Milliseconds(body, "durationMs"));
        return SimChain.Ok();
    }

    private Answer Of(JsonElement body, Func<Condition, string?> act)
    {
        if (exchange.World.Find(SimChain.Text(body, "condition")) is not { } condition) return Answer.Error(400, "condition is unknown");
        return act(condition) is { } refusal ? Answer.Error(400, refusal) : SimChain.Ok();
    }

    private static long Milliseconds(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.Number
            && value.TryGetInt64(out var milliseconds)
            ? Math.Clamp(milliseconds, 0, LongestMs)
            : 0;

    private Condition Standalone(string question, int tick)
    {
        var id = exchange.Ids.Bytes("listed/" + question);
        var slug = WorldBuilder.Slug(question);
        var number = exchange.World.Listed.Count.ToString(CultureInfo.InvariantCulture);
        return new Condition(
            Hex.Text(id), Hex.Text(exchange.Ids.Bytes("listed-question/" + question)), question,
            slug, "", [WorldBuilder.Token(id, 1), WorldBuilder.Token(id, 2)], ["Yes", "No"], tick, 5 * Units.MicrosOne, null, Units.PriceOne / 2,
            new ListedEvent("3" + number.PadLeft(4, '0'), slug, question));
    }
}
