using System.Text.Json;
using PolyArb.Simulator.Crypto;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// What tests let a wallet do on the chain: {account, condition | event, amount, questions}, amounts in whole units as text or
/// number. Answers {"ok":true} or 400 with one sentence.
/// </summary>
internal sealed class SimChain(Exchange exchange)
{
    private readonly Chain _chain = new(exchange);

    public Answer Split(JsonElement body) => Run(body, (account, amount) => exchange.World.Find(Text(body, "condition")) is { } condition
        ? _chain.Split(account, condition, amount)
        : "condition is unknown");

    public Answer Merge(JsonElement body) => Run(body, (account, amount) => exchange.World.Find(Text(body, "condition")) is { } condition
        ? _chain.Merge(account, condition, amount)
        : "condition is unknown");

    public Answer Convert(JsonElement body) => Run(body, (account, amount) =>
    {
        var members = exchange.World.Listed.Where(c => c.NegRisk && c.NegRiskMarketId == Text(body, "event")).ToArray();
        if (members.Length == 0) return "event is no neg-risk market id of this exchange";

        return Questions(body) is { } questions
            ? _chain.Convert(account, members, questions, amount)
            : "questions must be an array of question indexes";
    });

    /// <summary>Everything mined of the condition is redeemed; an amount is not looked at.</summary>
    public Answer Redeem(JsonElement body) => Run(body, needsAmount: false, (account, _) =>
        exchange.World.Find(Text(body, "condition")) is { } condition ? _chain.Redeem(account, condition) : "condition is unknown");

    /// <summary>{account, to, amount, token}: without a token it is pUSD.</summary>
    public Answer Transfer(JsonElement body) => Run(body, (account, amount) =>
    {
        var (to, token) = (Text(body, "to").ToLowerInvariant(), Text(body, "token"));
        if (!Hex.IsAddress(to)) return "to must be an address";
        if (token.Length > 0 && !exchange.World.TryToken(token, out _, out _)) return "token is unknown";

        return _chain.Transfer(account, exchange.Ledger.Account(to), token, amount);
    });

    /// <summary>{account, owner}: a contract wallet and the address whose keys may trade for it.</summary>
    public Answer Wallet(JsonElement body)
    {
        var (wallet, owner) = (Text(body, "account").ToLowerInvariant(), Text(body, "owner").ToLowerInvariant());
        if (!Hex.IsAddress(wallet) || !Hex.IsAddress(owner)) return Answer.Error(400, "account and owner must be addresses");

        exchange.Wallets.Register(wallet, owner);
        return Ok();
    }

    public static Answer Ok() => Answer.Object(json => json.WriteBoolean("ok", true));

    public static string Text(JsonElement body, string name) =>
        body.ValueKind is JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value.AsText() ?? "" : "";

    /// <summary>A decimal as text or number.</summary>
    public static bool TryMicros(JsonElement body, string name, out long micros)
    {
        micros = 0;
        if (body.ValueKind is not JsonValueKind.Object || !body.TryGetProperty(name, out var value)) return false;

        var text = value.ValueKind is JsonValueKind.Number ? value.GetRawText() : value.AsText();
        return Units.TryMicros(text ?? "", out micros);
    }

    private Answer Run(JsonElement body, Func<Account, long, string?> act) => Run(body, needsAmount: true, act);

    private Answer Run(JsonElement body, bool needsAmount, Func<Account, long, string?> act)
    {
        var address = Text(body, "account").ToLowerInvariant();
        if (!Hex.IsAddress(address)) return Answer.Error(400, "account must be an address");
        if (!TryMicros(body, "amount", out var amount) && needsAmount) return Answer.Error(400, "amount must be a decimal with at most six places");

        lock (exchange.Gate)
        {
            var account = exchange.Ledger.Account(address);
            if (account.House) return Answer.Error(400, "the house moves its own money");
            return act(account, amount) is { } refusal ? Answer.Error(400, refusal) : Ok();
        }
    }

    private static IReadOnlyList<int>? Questions(JsonElement body) =>
        body.TryGetProperty("questions", out var list) && list.ValueKind is JsonValueKind.Array
            && list.EnumerateArray().All(q => q.ValueKind is JsonValueKind.Number && q.TryGetInt32(out _))
            ? [.. list.EnumerateArray().Select(q => q.GetInt32())]
            : null;
}
