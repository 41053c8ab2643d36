using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// All money of the exchange. A pUSD is in some account, in the fee account, or locked behind tokens
/// (protocol 1.2); <see cref="AssertConserved"/> says when that fails.
/// </summary>
internal sealed class Ledger
{
    public const string FeeAccount = "0x00000000000000000000000000000000000000fe";

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly ExchangeWorld _world;
    private long _issued;

    public Ledger(ExchangeWorld world, Func<Condition, IReadOnlyList<long>?> payoutsOf)
    {
        _world = world;
        Vault = new Vault(world, payoutsOf);
        OpenHouse(FeeAccount);
    }

    public Vault Vault { get; }

    /// <summary>All taker fees so far, in micros.</summary>
    public long FeesCollected => _accounts[FeeAccount].Cash;

    public IEnumerable<Account> Accounts => _accounts.Values;

    /// <summary>The account of an address in lower case; an unknown one is empty.</summary>
    public Account Account(string address)
    {
        if (!_accounts.TryGetValue(address, out var account)) _accounts.Add(address, account = new Account(address, house: false));
        return account;
    }

    public Account OpenHouse(string address)
    {
        var account = new Account(address, house: true);
        _accounts.Add(address, account);
        return account;
    }

    public void Issue(Account account, long micros)
    {
        account.Pay(micros);
        _issued = checked(_issued + micros);
    }

    /// <summary>Turns pUSD into as many YES and NO; a negative number turns them back.</summary>
    public void Split(Account account, Condition condition, long shares)
    {
        account.Pay(-shares);
        Vault.Pair(condition, shares);
        foreach (var token in condition.Tokens) account.Give(token, shares);
    }

    /// <summary>NO of some questions becomes YES of the others and pUSD (protocol 1.2; the markets here take no conversion fee).</summary>
    public void Convert(Account account, IReadOnlyList<Condition> burned, IReadOnlyList<Condition> given, long shares)
    {
        foreach (var condition in burned) account.Give(condition.Tokens[1], -shares);
        foreach (var condition in given) account.Give(condition.Tokens[0], shares);
        account.Pay(Vault.Convert(burned, given, shares));
    }

    public void Redeem(Account account, Condition condition, int token, long shares, long payout)
    {
        account.Give(condition.Tokens[token], -shares);
        account.Pay(Vault.Redeem(condition, token, shares, payout));
    }

    /// <summary>Carries a trade out.</summary>
    public void Settle(TradeRecord trade)
    {
        Vault.Pair(trade.Condition, trade.Minted);
        foreach (var move in trade.Moves) Account(move.Address).Move(move.Asset, move.Change);
    }

    /// <summary>Undoes a trade to the last micro, whatever its parties did with it since.</summary>
    public void Reverse(TradeRecord trade)
    {
        Vault.Pair(trade.Condition, -trade.Minted);
        foreach (var move in trade.Moves) Account(move.Address).Move(move.Asset, -move.Change);
    }

    /// <summary>Notes in every account what of a trade the chain has yet to carry out, or no longer has.</summary>
    public void Await(TradeRecord trade, bool waits)
    {
        foreach (var move in trade.Moves) Account(move.Address).Await(move.Asset, move.Change, waits);
    }

    /// <summary>Throws with the numbers when pUSD or tokens appeared or vanished.</summary>
    public void AssertConserved()
    {
        var (cash, locked) = (_accounts.Values.Sum(a => a.Cash), Vault.Locked);
        if (cash + locked != _issued) throw new InvalidOperationException($"Cash {cash} and locked {locked} differ from issued {_issued}.");

        foreach (var token in _world.Listed.SelectMany(c => c.Tokens))
        {
            var (held, supply) = (_accounts.Values.Sum(a => a.TokenBalance(token)), Vault.Supply(token));
            if (held != supply) throw new InvalidOperationException($"{held} of token {token} are held, {supply} exist.");
        }

        if (Vault.Flaw() is { } flaw) throw new InvalidOperationException(flaw);
    }
}
