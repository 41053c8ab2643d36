using System.Numerics;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Polymarket.UserFeed;

namespace PolyArb.Client.Doctor;

/// <summary>Whether the venue takes our orders and our money: credentials, wallet, balance, allowances.</summary>
internal static class AccountChecks
{
    public static Task<Check> Key(Patient patient) => Task.FromResult(
        patient.Key.IsFound(out var key, out var gap) ? Check.Pass($"signs as {key.Signer.Address}, by {key.Backend}") : gap.Found);

    public static async Task<Check> Credentials(Patient patient) =>
        (await patient.Account).IsFound(out var account, out var gap) ? Check.Pass(account.Proof) : gap.Found;

    public static async Task<Check> ClosedOnly(Patient patient)
    {
        if (!(await patient.Account).IsFound(out var account, out var gap)) return gap.NotChecked;

        return await patient.Within(async deadline => await account.Reads.IsClosedOnly(deadline) switch
        {
            VenueAnswer<bool>.Ok(false) => Check.Pass("may open positions"),
            VenueAnswer<bool>.Ok(true) => Check.Fail("may only reduce its positions", "ask the venue why: the bot can only sell with this account"),
            VenueAnswer<bool>.Unavailable unanswered => Check.Fail(unanswered.Why, "try again; if it stays so, see `credentials`"),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    /// <summary>The signature type against the wallet, first by what is written, then by what the venue says of it.</summary>
    public static async Task<Check> Wallet(Patient patient)
    {
        if (!patient.Key.IsFound(out var key, out var keyless)) return keyless.NotChecked;
        if (WrongWallet(patient.Venue.SignatureType, patient.Venue.Funder, key.Signer.Address) is { } wrong) return wrong;
        if (!(await patient.Account).IsFound(out var account, out var gap)) return gap.NotChecked;

        return await patient.Within(async deadline =>
        {
            var type = patient.Venue.SignatureType;
            if ((await account.Reads.Balance(null, deadline)).ValueOr(out var why) is not { } mine)
                return Check.Fail($"signature type {type}: {why}", "set SIGNATURE_TYPE to what the wallet is: 0 EOA, 1 proxy, 2 Safe, 3 deposit wallet");

            var wallet = patient.Venue.Funder ?? key.Signer.Address.ToString();
            return mine.Micros == 0 && await account.TypeWithMoney(deadline) is { } other
                ? Check.Warn(
                    $"signature type {type} ({WalletFit.Kinds[type]}) has nothing, type {other} ({WalletFit.Kinds[other]}) has",
                    $"set SIGNATURE_TYPE={other}{(other == 0 ? "" : " and FUNDER to that wallet's address")}")
                : Check.Pass($"signature type {type}: {wallet}, {WalletFit.Kinds[type]}; the venue answers for it");
        });
    }

    public static async Task<Check> Collateral(Patient patient) =>
        !(await patient.Collateral).IsFound(out var collateral, out var gap) ? gap.Found
        : collateral.Micros == 0 ? Check.Warn("the wallet holds no pUSD", "deposit at polymarket.com: without money nothing is bought")
        : Check.Pass($"{new Usd(collateral.Micros)} pUSD");

    public static Task<Check> StandardAllowance(Patient patient) => Allowance(patient, Exchange.Standard, "the exchange");

    public static Task<Check> NegRiskAllowance(Patient patient) => Allowance(patient, Exchange.NegRisk, "the neg-risk exchange");

    /// <summary>Needed only where markets of Protocol V2 are listed (protocol sheet 0.2).</summary>
    public static async Task<Check> V3Allowance(Patient patient)
    {
        if (!(await patient.Subject).IsFound(out var subject, out var gap)) return gap.NotChecked;

        return subject.ListsV2
            ? await Allowance(patient, Exchange.V3(patient.Venue.ChainId), "exchange V3")
            : Check.Pass("not needed: none of the markets looked at is of Protocol V2");
    }

    /// <summary>The venue may not have looked at the chain since the deposit or the approval, so before anything is missing it is told to.</summary>
    public static async Task<Finding<BalanceAllowance>> FindCollateral(Patient patient)
    {
        if (!(await patient.Account).IsFound(out var account, out var gap)) return new(gap.Follows);

        return await patient.Within("the balance is not known", async deadline =>
        {
            var answer = await account.Reads.Balance(null, deadline);
            if (answer.ValueOr(out _) is { } first && LacksSomething(first) && await account.Reads.LookAgain(null, deadline) is null)
                answer = await account.Reads.Balance(null, deadline);

            return answer.ValueOr(out var why) is { } balance
                ? new(balance)
                : new Finding<BalanceAllowance>(new Gap(Check.Fail(why!, "try again"), "the balance is not known"));
        });
    }

    public static async Task<Check> UserChannel(Patient patient)
    {
        if (!(await patient.Account).IsFound(out var account, out var gap)) return gap.NotChecked;

        return await patient.Within(async deadline => await account.Services.GetRequiredService<UserChannelProbe>().Refusal(deadline) is { } why
            ? Check.Fail(why, "see `user-stream` and `credentials`: without it fills are only heard of by asking")
            : Check.Pass("stayed open after the credentials, and answers PING"));
    }

    /// <summary>Null when type, funder and key fit each other.</summary>
    public static Check? WrongWallet(int type, string? funder, EthAddress owner) =>
        WalletFit.Misfit(type, funder, owner) is var (what, remedy) ? Check.Fail(what, remedy) : null;

    public static Check Allowance(BalanceAllowance collateral, EthAddress spender, string what)
    {
        if (!collateral.SaysAllowances) return Check.Warn($"the venue does not say what {what} may take", $"see on polygonscan.com whether the wallet approved {spender}");

        var allowance = collateral.AllowanceOf(spender.ToString()) ?? BigInteger.Zero;
        return allowance.IsZero ? Check.Fail($"{what} may take nothing", Approve(spender))
            : allowance < collateral.Micros ? Check.Warn($"{what} may take only {Shown(allowance)} of {new Usd(collateral.Micros)}", Approve(spender))
            : Check.Pass($"{what} may take {Shown(allowance)}");
    }

    private static async Task<Check> Allowance(Patient patient, Exchange exchange, string what) =>
        (await patient.Collateral).IsFound(out var collateral, out var gap) ? Allowance(collateral, exchange.Contract, what) : gap.NotChecked;

    private static bool LacksSomething(BalanceAllowance collateral) => collateral.Micros == 0
        || new[] { Exchange.Standard, Exchange.NegRisk }.Any(exchange => collateral.AllowanceOf(exchange.Contract.ToString()) is not { IsZero: false });

    private static string Approve(EthAddress spender) =>
        $"let the wallet approve {spender} to spend its pUSD, once and without limit: trading once by hand at polymarket.com does it, or a call of approve";

    private static string Shown(BigInteger micros) => micros > long.MaxValue ? "all there can be" : $"{new Usd((long)micros)} pUSD";
}
