using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// What a wallet does on the chain, beside the exchange (protocol 1.2). Only mined balances count there. Resting orders do not hold
/// anything back: those no longer covered are canceled. Answers null, or one sentence that says why nothing moved.
/// </summary>
internal sealed class Chain(Exchange exchange)
{
    public string? Split(Account account, Condition condition, long amount) => Move(
        account,
        amount,
        [Movement.Cash],
        () => exchange.Ledger.Split(account, condition, amount));

    public string? Merge(Account account, Condition condition, long amount) => Move(
        account,
        amount,
        condition.Tokens,
        () => exchange.Ledger.Split(account, condition, -amount));

    /// <summary>NO of the questions with these indexes, amount of each, for YES of all others and (m-1) x amount pUSD.</summary>
    public string? Convert(Account account, IReadOnlyList<Condition> members, IReadOnlyList<int> questions, long amount)
    {
        var burned = members.Where(c => questions.Contains(Question(c))).ToArray();
        if (members.Count < 2) return "one condition alone is no event that could be converted";
        if (questions.Count == 0 || burned.Length != questions.Count) return "questions must be distinct indexes of the event's questions";

        return Move(
            account,
            amount,
            [.. burned.Select(c => c.Tokens[1])],
            () => exchange.Ledger.Convert(account, burned, [.. members.Except(burned)], amount));
    }

    /// <summary>Gives up all mined tokens of a resolved condition.</summary>
    public string? Redeem(Account account, Condition condition)
    {
        if (exchange.MarketOf(condition).Payouts is not { } payouts) return "the condition is not resolved";

        for (var token = 0; token < 2; token++)
        {
            var shares = Mined(account, condition.Tokens[token]);
            if (shares > 0) exchange.Ledger.Redeem(account, condition, token, shares, payouts[token]);
        }

        return Finish(account);
    }

    public string? Transfer(Account from, Account to, string asset, long amount) => Move(
        from,
        amount,
        [asset],
        () =>
        {
            from.Move(asset, -amount);
            to.Move(asset, amount);
        });

    private static int Question(Condition condition) => System.Convert.ToInt32(condition.QuestionId[^2..], 16);

    private static long Mined(Account account, string asset) => account.Balance(asset) - account.Arriving(asset);

    private string? Move(Account account, long amount, IReadOnlyList<string> assets, Action move)
    {
        if (amount <= 0) return "amount must be greater than zero";
        foreach (var asset in assets)
        {
            var mined = Mined(account, asset);
            if (mined >= amount) continue;

            var name = asset == Movement.Cash ? "pUSD" : "token " + asset;
            return $"the account has {Units.Micros(mined)} mined {name}, {Units.Micros(amount)} are needed";
        }

        move();
        return Finish(account);
    }

    private string? Finish(Account account)
    {
        exchange.Cover(account);
        if (exchange.ChecksMoney) exchange.Ledger.AssertConserved();
        return null;
    }
}
