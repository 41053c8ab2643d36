using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;
using Chain = PolyArb.Simulator.Engine.Chain;
using Exchange = PolyArb.Simulator.Engine.Exchange;
using OrderType = PolyArb.Simulator.Engine.OrderType;
using Side = PolyArb.Simulator.Engine.Side;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Grains;

/// <summary>Our account against the exchange's after something happened to the wallet that was not ours to do (design 9).</summary>
public class ReconcileDayTests
{
    private const string OtherKey = "another program's key";

    private static readonly string Wallet = Day.Wallet.ToLowerInvariant();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deposit_is_credited_and_is_no_profit()
    {
        await using var day = await FaultDay.Start(Stop);
        var before = await day.Gateway.Status();
        OnChain(day, chain => chain.Transfer(Account(day, PublicAccounts.Addresses[1]), Account(day, Wallet), Movement.Cash, Dollars(250)));

        var answer = await day.Gateway.Reconcile("test", null);

        Assert.Equal(["credited: cash 250 above ours"], Lines(answer));
        Assert.True(answer.IsExplained);
        Assert.Equal(Usd.Dollars(250), Assert.Single(day.Witness.Facts.OfType<Fact.ExternalCredited>()).Cash);
        Assert.Contains(day.Witness.Facts.OfType<Fact.OperatorActed>(), acted => (acted.By, acted.What) == ("test", "reconcile"));
        await AssertAgrees(day);
        var after = await day.Gateway.Status();
        Assert.Equal((before.Cash + Usd.Dollars(250), Usd.Zero, TradingState.Running), (after.Cash, after.RealizedPnl, after.State));
        Assert.Empty(Lines(await day.Gateway.Reconcile("test", null)));
    }

    [Fact]
    public async Task A_rebate_in_shares_is_a_position_that_cost_nothing()
    {
        await using var day = await FaultDay.Start(Stop);
        OnChain(day, chain =>
        {
            var giver = Account(day, PublicAccounts.Addresses[2]);
            return chain.Split(giver, day.Exchange.World.Conditions[0], Dollars(3))
                ?? chain.Transfer(giver, Account(day, Wallet), day.No(0).Text, Dollars(3));
        });

        Assert.Equal([$"credited: 3 shares of {day.No(0)} above ours"], Lines(await day.Gateway.Reconcile("test", null)));
        var position = Assert.Single((await day.Gateway.Positions()).Positions);
        Assert.Equal((day.No(0), Size.Shares(3), Usd.Zero), (position.Token, position.Qty, position.AvgPrice));
        await AssertAgrees(day);
    }

    [Fact]
    public async Task A_redemption_takes_the_shares_at_their_cost_and_what_they_pay_beyond_it_is_profit()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Offer();
        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        var before = await day.Gateway.Status();
        var condition = day.Exchange.World.Conditions[0];
        Assert.Null(day.Exchange.Life.Resolve(condition, 1));
        OnChain(day, chain => chain.Redeem(Account(day, Wallet), condition));

        var answer = await day.Gateway.Reconcile("test", null);

        Assert.Equal([$"redeemed: 40 of {day.No(0)} for 40"], Lines(answer));
        var after = await day.Gateway.Status();
        Assert.Equal((before.Cash + Usd.Dollars(40), TradingState.Running), (after.Cash, after.State));
        Assert.InRange(after.RealizedPnl.Micros, 1, Usd.Dollars(40).Micros - 1);
        await AssertAgrees(day);
    }

    [Fact]
    public async Task A_sale_by_hand_stops_trading_until_a_person_accepts_it()
    {
        await using var day = await FaultDay.Start(Stop);
        day.Offer();
        FaultDay.AssertCompleted(await day.Closed(), shares: 40);
        SellByHand(day, question: 0, shares: 10, price: 4_200);

        var found = await day.Gateway.Reconcile("test", null);

        Assert.False(found.IsExplained);
        Assert.Contains($"10 shares of {day.No(0)} below ours", Assert.Single(found.Lines, line => line.What == "unexplained").Text, StringComparison.Ordinal);
        Assert.Empty(day.Witness.Facts.OfType<Fact.ExternalCredited>());
        await day.Witness.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, By: "breaker" });
        Assert.Single(day.Witness.Facts.OfType<Fact.ErrorNoted>(), error => error.Where == "reconciliation");

        await UntilState(day, TradingState.Safe);
        await FaultDay.Until(async () => (await day.Gateway.Pause("test", "looked at it")).IsDone); // Once the stop has ended.
        Assert.Contains("see `reconcile`", (await day.Gateway.Resume("test", "go on")).Text, StringComparison.Ordinal);

        var accepted = await day.Gateway.Reconcile("test", "sold ten by hand");

        Assert.True(accepted.IsExplained);
        var fact = Assert.Single(day.Witness.Facts.OfType<Fact.LedgerAccepted>());
        Assert.Equal(("test", "sold ten by hand", Size.Shares(10)), (fact.By, fact.Reason, fact.Left[day.No(0)]));
        await AssertAgrees(day);
        Assert.Equal(Usd.Zero, (await day.Gateway.Status()).RealizedPnl);
        Assert.True((await day.Gateway.Resume("test", "go on")).IsDone);
        Assert.Empty(Lines(await day.Gateway.Reconcile("test", null)));
        Assert.Single(day.Witness.Facts.OfType<Fact.StateChanged>(), moved => moved is { By: "breaker", To: TradingState.Flattening });
    }

    [Fact]
    public async Task A_little_less_cash_is_rounding_once_and_stops_trading_when_it_adds_up()
    {
        await using var day = await FaultDay.Start(Stop);
        Loses(cents: 3);
        Assert.Equal(["rounding: cash 0.03 below ours"], Lines(await day.Gateway.Reconcile("test", null)));
        await AssertAgrees(day);
        Assert.Equal(TradingState.Running, (await day.Gateway.Status()).State);

        Loses(cents: 3);
        Assert.Equal(["unexplained: cash 0.03 below ours"], Lines(await day.Gateway.Reconcile("test", null)));
        await day.Witness.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, By: "breaker" });

        void Loses(int cents) => OnChain(
            day, chain => chain.Transfer(Account(day, Wallet), Account(day, PublicAccounts.Addresses[1]), Movement.Cash, cents * Units.MicrosOne / 100));
    }

    [Fact]
    public async Task An_order_that_is_not_ours_stops_trading_and_is_canceled_with_ours()
    {
        await using var day = await FaultDay.Start(Stop);
        var id = "0x" + new string('7', 64);
        var placed = day.Exchange.Place(new OrderRequest(
            id, OwnKey(day), Wallet, day.Exchange.World.Conditions[2], Token: 1, Side.Buy, OrderType.Gtc, Dollars(1), Dollars(10), Expiration: 0, PostOnly: false));
        Assert.IsType<PlaceResult.Accepted>(placed);

        var answer = await day.Gateway.Reconcile("test", null);

        Assert.False(answer.IsExplained);
        Assert.StartsWith($"unexplained: order {id} rests at the venue", Assert.Single(Lines(answer)), StringComparison.Ordinal);
        await day.Witness.Until(fact => fact is Fact.StateChanged { To: TradingState.Safe, By: "breaker" });
        await UntilState(day, TradingState.Safe);
        Assert.Empty(Lines(await day.Gateway.Reconcile("test", null)));
    }

    [Fact]
    public async Task An_order_whose_cancel_nobody_told_us_of_is_found_to_have_ended()
    {
        await using var day = await FaultDay.Start(Stop, drops: nameof(IOrderGatewayGrain.Observe)); // The user channel.
        await day.Submit(day.Resting());
        await day.Witness.UntilFacts(facts => facts.OfType<Fact.OrderChanged>().Count(changed => changed.News is OrderEvent.Placed) == 2);
        var orders = day.Exchange.OpenOrders(OwnKey(day));
        foreach (var order in orders) day.Exchange.Cancel(order);

        var answer = await day.Gateway.Reconcile("test", null);

        Assert.Equal(2, answer.Lines.Count(line => line.What == "order"));
        Assert.Equal(2, day.Witness.Facts.OfType<Fact.OrderChanged>().Count(changed => changed.News is OrderEvent.Canceled));
    }

    [Fact]
    public async Task What_the_wallet_held_before_us_is_in_the_opening_balance_and_stays_out_of_profit()
    {
        await using var day = await FaultDay.Start(Stop, before: exchange =>
        {
            lock (exchange.Gate) exchange.Ledger.Split(exchange.Ledger.Account(Wallet), exchange.World.Conditions[0], Dollars(25));
        });

        var opening = day.Witness.Facts.OfType<Fact.OpeningBalanceTaken>().Single();
        Assert.Equal((2, Size.Shares(25)), (opening.Positions.Count, opening.Positions[day.No(0)]));
        await AssertAgrees(day);
        Assert.Empty(Lines(await day.Gateway.Reconcile("test", null)));
        Assert.Equal(Usd.Zero, (await day.Gateway.Status()).RealizedPnl);
    }

    [Fact]
    public async Task A_merge_made_by_hand_is_booked_as_one()
    {
        await using var day = await FaultDay.Start(Stop, before: exchange =>
        {
            lock (exchange.Gate) exchange.Ledger.Split(exchange.Ledger.Account(Wallet), exchange.World.Conditions[0], Dollars(25));
        });
        OnChain(day, chain => chain.Merge(Account(day, Wallet), day.Exchange.World.Conditions[0], Dollars(10)));

        var answer = await day.Gateway.Reconcile("test", null);

        Assert.StartsWith("settled: Merge of 10 shares", Assert.Single(Lines(answer)), StringComparison.Ordinal);
        Assert.Empty(day.Witness.Facts.OfType<Fact.ExternalCredited>());
        await AssertAgrees(day);
    }

    /// <summary>The wallet's owner sells through the venue's own pages: another key, the same money.</summary>
    private static void SellByHand(FaultDay day, int question, long shares, int price)
    {
        lock (day.Exchange.Gate) day.Exchange.Users.Know(OtherKey);
        var placed = day.Exchange.Place(new OrderRequest(
            "0x" + new string('5', 64), OtherKey, Wallet, day.Exchange.World.Conditions[question], Token: 1, Side.Sell, OrderType.Fak,
            Dollars(shares), shares * price * 100, Expiration: 0, PostOnly: false));
        Assert.IsType<PlaceResult.Accepted>(placed);
    }

    private static async Task AssertAgrees(FaultDay day)
    {
        Assert.DoesNotContain(await day.Day.Differences(Stop), IsAboutMoney);
        await FaultDay.Until(async () => (await day.Portfolio.View()).Cash == (await day.Gateway.Status()).Cash);
    }

    /// <summary>What another key did shows among the wallet's orders and trades, which are none of ours.</summary>
    private static bool IsAboutMoney(string difference) =>
        difference.StartsWith("cash", StringComparison.Ordinal) || difference.StartsWith("position", StringComparison.Ordinal);

    private static Task UntilState(FaultDay day, TradingState state) =>
        FaultDay.Until(async () => (await day.Gateway.Status()).State == state && (await day.Portfolio.View()).State == state);

    private static void OnChain(FaultDay day, Func<Chain, string?> act)
    {
        lock (day.Exchange.Gate) Assert.Null(act(new Chain(day.Exchange)));
    }

    private static string OwnKey(FaultDay day) => day.Day.Silo.GetRequiredService<PolyArb.Polymarket.VenueOptions>().Credentials!.ApiKey;

    private static Account Account(FaultDay day, string address) => day.Exchange.Ledger.Account(address);

    private static string[] Lines(ReconcileAnswer answer) => [.. answer.Lines.Select(line => $"{line.What}: {line.Text}")];

    private static long Dollars(long dollars) => dollars * Units.MicrosOne;
}
