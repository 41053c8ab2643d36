using System.Diagnostics;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// All money of the exchange. A pUSD is in some account, in the fee account, or locked as one YES and one NO
/// (protocol 1.2); <see cref="AssertConserved"/> says when that fails.
/// </summary>
internal sealed class Ledger(ExchangeWorld world)
{
    public const string FeeAccount = "0x00000000000000000000000000000000000000fe";

    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _locked = new(StringComparer.Ordinal);
    private long _issued;

    /// <summary>All taker fees so far, in micros.</summary>
    public long FeesCollected => HouseOf(FeeAccount).Cash;

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

    /// <summary>Turns pUSD into as many YES and NO.</summary>
    public void Split(Account account, Condition condition, long shares)
    {
        account.Pay(-shares);
        Lock(condition, shares);
        foreach (var token in condition.Tokens) account.Give(token, shares);
    }

    /// <summary>Moves the money and tokens of one leg. The fee is charged once per trade, apart.</summary>
    public void Settle(Account taker, OrderRequest order, Account maker, MatchLeg leg)
    {
        var (mine, theirs) = (order.Condition.Tokens[order.Token], leg.Maker.TokenId);
        var takerBuys = order.Side is Side.Buy;
        var makerBuys = leg.Maker.Side is Side.Buy;
        taker.Pay(takerBuys ? -leg.TakerCash : leg.TakerCash);
        maker.Pay(makerBuys ? -leg.MakerCash : leg.MakerCash);
        taker.Give(mine, takerBuys ? leg.Shares : -leg.Shares);
        maker.Give(theirs, makerBuys ? leg.Shares : -leg.Shares);
        if (leg.Kind is LegKind.Mint) Lock(order.Condition, leg.Shares);
        if (leg.Kind is LegKind.Merge) Lock(order.Condition, -leg.Shares);
    }

    public void ChargeFee(Account taker, long micros)
    {
        taker.Pay(-micros);
        if (micros != 0) HouseOf(FeeAccount).Pay(micros);
    }

    [Conditional("DEBUG")]
    public void AssertConservedInDebug() => AssertConserved();

    /// <summary>Throws with the numbers when pUSD or tokens appeared or vanished.</summary>
    public void AssertConserved()
    {
        var cash = _accounts.Values.Sum(a => a.Cash);
        var locked = _locked.Values.Sum();
        if (cash + locked != _issued) throw new InvalidOperationException($"Cash {cash} and locked {locked} differ from issued {_issued}.");

        foreach (var condition in world.Conditions)
        {
            foreach (var token in condition.Tokens)
            {
                var supply = _accounts.Values.Sum(a => a.TokenBalance(token));
                var backing = _locked.GetValueOrDefault(condition.Id);
                if (supply != backing) throw new InvalidOperationException($"{supply} of token {token} exist, {backing} are backed.");
            }
        }
    }

    private Account HouseOf(string address) => _accounts.TryGetValue(address, out var account) ? account : OpenHouse(address);

    private void Lock(Condition condition, long shares) =>
        _locked[condition.Id] = checked(_locked.GetValueOrDefault(condition.Id) + shares);
}
