using System.Collections.Immutable;
using Orleans.Core.Internal;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using PolyArb.Tests.Polymarket;
using Xunit;
using Condition = PolyArb.Simulator.World.Condition;
using OrderType = PolyArb.Domain.OrderType;
using Side = PolyArb.Domain.Side;
using TradeStatus = PolyArb.Domain.Orders.TradeStatus;

namespace PolyArb.Tests.Grains;

/// <summary>
/// One event of three questions in books that only the test moves, one NO basket over the first two of them, and whatever goes wrong
/// with it.
/// </summary>
internal sealed class FaultDay : IAsyncDisposable
{
    public const int Shares = 40;

    private static readonly FeeSchedule Fee = new(400, 1);
    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(40);

    private readonly Day _day;
    private readonly ImmutableArray<Condition> _conditions;

    private FaultDay(Day day, GrainCalls calls)
    {
        (_day, Calls) = (day, calls);
        _conditions = [.. Exchange.World.Conditions];
        Books = new MakerBooks(Exchange);
    }

    public Exchange Exchange => _day.Exchange.Exchange;

    public MakerBooks Books { get; }

    public RestVenue Door => _day.Door;

    public Day Day => _day;

    public GrainCalls Calls { get; }

    public Witness Witness => _day.Witness;

    public IOrderGatewayGrain Gateway => _day.Grains.GetGrain<IOrderGatewayGrain>(0);

    public IPortfolioGrain Portfolio => _day.Grains.GetGrain<IPortfolioGrain>(0);

    /// <summary>The market of a question: 0 to 2 are the event's, 3 to 5 those of another one.</summary>
    public IMarketGrain MarketOf(int question) => _day.Grains.GetGrain<IMarketGrain>(_conditions[question].NegRiskMarketId);

    public MarketId Market => new(_conditions[0].NegRiskMarketId);

    public TokenId No(int question) => new(_conditions[question].Tokens[1]);

    /// <summary>
    /// Books without an edge, all known to the silo. A basket's ladder completes without hurry and what is given back is given back at
    /// once, unless the rules say otherwise: no test depends on how fast the machine is.
    /// </summary>
    /// <param name="drops">Calls of this name between grains are lost.</param>
    /// <param name="sells">Flattening sells what completes no basket.</param>
    /// <param name="resolveAfter">How soon an order nobody answered for may be found absent.</param>
    /// <param name="reread">What the configuration says when it is read again.</param>
    /// <param name="offer">Of the first question, what the basket will take; the second one's comes with <see cref="Offer"/>.</param>
    public static async Task<FaultDay> Start(
        CancellationToken stop, Func<EdgePolicy, EdgePolicy>? rules = null, string? drops = null, int tick = 100, int offer = 4_500,
        TimeSpan? ttl = null, bool sells = false, TimeSpan? resolveAfter = null, Action<Exchange>? before = null, Func<ConfigResult>? reread = null)
    {
        var calls = new GrainCalls(drops);
        EventListing Event(string title) => new(title, tick, Fee, ["Left", "Centre", "Right"], 5 * Units.MicrosOne);
        EventListing[] events = [Event("Who wins the vote?"), Event("Who wins the cup?")];
        var world = new Scenario("two events", [], events, [], new FlowSettings { Moves = false });
        var day = new FaultDay(await Day.Start(
            new DayPlan
            {
                Exchange = new ExchangeOptions { Seed = 21, Scenario = world, Flow = false },
                Before = before ?? (_ => { }),
                Calls = calls,
                Reread = reread,
                Rules = its => its with
                {
                    SettleMin = Size.Shares(1_000_000), // What the baskets hold stays to be looked at.
                    SendDeadline = Patient,
                    Flatten = its.Flatten with { Sells = sells },
                    Quarantine = its.Quarantine with { ResolveAfter = resolveAfter ?? its.Quarantine.ResolveAfter },
                    Resting = its.Resting with { Ttl = ttl ?? its.Resting.Ttl },
                    Risk = its.Risk with { StaleAfter = Patient, ReservationTtl = Patient },
                    Edge = (rules ?? (edge => edge))(
                        its.Edge with { MaxDataAge = Patient, CompletionWindow = Patient, UnwindWindow = Patient }),
                },
            },
            stop), calls);
        day.Books.Bid(0, 4_200, 400);
        day.Books.Bid(1, 4_500, 400);
        day.Books.Ask(0, offer, Shares);
        day.Books.Ask(0, 4_900, 400);
        day.Books.Ask(1, 5_200, 400);
        await day.UntilReady();
        return day;
    }

    /// <summary>The offer that makes the edge: NO of both questions for 93 cents, one of which pays a dollar.</summary>
    public void Offer(int of = 1) => Books.Ask(of, 4_800, Shares);

    /// <summary>From now on: a charge waits for its victim, a window is open, an act is done.</summary>
    public void Goes(FaultKind kind, int? question = null, long? durationMs = null)
    {
        var token = question is { } at ? _conditions[at].Tokens[0] : null;
        var fault = new Fault(kind, AtMs: 0, EveryMs: 0, Count: 1, token, durationMs ?? kind.UsualDurationMs());
        lock (Exchange.Gate) Exchange.Faults.Load(new FaultPlan(1, [fault]));
        Exchange.Agenda.RunDue();
    }

    public bool HasFired(FaultKind kind, string detail = "")
    {
        lock (Exchange.Gate)
        {
            return Exchange.Faults.Fired.Any(fired => fired.Kind == kind && fired.Detail.Contains(detail, StringComparison.Ordinal));
        }
    }

    /// <summary>The user channel says every trade's whole life and every order's fill again.</summary>
    public void SayAgain()
    {
        lock (Exchange.Gate)
        {
            foreach (var trade in Exchange.Trades)
            {
                var now = trade.Status;
                foreach (var status in (string[])["MATCHED", "MINED", now])
                {
                    trade.Status = status;
                    Exchange.Users.Traded(trade);
                }

                Exchange.Users.Updated(trade, Exchange.Agenda.Now);
            }
        }
    }

    /// <summary>The gateway was told of that many trades with this status, new or not.</summary>
    public Task UntilHeard(TradeStatus status, int trades) => Until(() => Task.FromResult(
        Calls.Heard.OfType<OrderEvent.Filled>().Count(filled => filled.Fill.Status == status) >= trades));

    /// <summary>A NO basket that waits to be taken, three and two cents below the book.</summary>
    public Basket Resting() => new()
    {
        Id = new BasketId("b-resting"),
        Market = new MarketId(_conditions[0].NegRiskMarketId),
        Kind = BasketKind.No,
        Legs = [Leg(0, 4_300), Leg(1, 4_600)],
        Quantity = Size.Shares(Shares),
        PayoutDollars = 1,
        Edge = new EdgeTerms(Usd.Dollars(1), Usd.Cents(89), Usd.Zero, Usd.Zero, Usd.Zero),
        SeenAt = TimeProvider.System.Now(),
    };

    /// <summary>As the market's desk would ask for it.</summary>
    public async Task Submit(Basket basket)
    {
        var proposal = new Proposal
        {
            Id = basket.Id,
            Market = basket.Market,
            Purpose = Purpose.Open,
            Orders = basket.Legs,
            Basket = basket,
            SeenAt = basket.SeenAt,
            ReceivedAt = basket.SeenAt,
        };
        var approved = Assert.IsType<RiskDecision.Approved>(await Portfolio.Reserve(proposal));
        Assert.IsType<DeskInput.Sent>(await Gateway.Submit(proposal, approved.Reservation));
    }

    /// <summary>Completes when its next activation is fed.</summary>
    public async Task KillMarket(int question)
    {
        var market = MarketOf(question);
        var old = (await market.View()).Session;
        await market.AsReference<IGrainManagementExtension>().DeactivateOnIdle(CancellationToken.None);
        await Witness.UntilDelivered(deliveries => deliveries.Any(
            delivery => (delivery.Market.Text, delivery.Answer) == (market.GetPrimaryKeyString(), FeedAnswer.Applied) && delivery.Session > old));
    }

    /// <summary>How the first basket ended.</summary>
    public async Task<BasketResult> Closed()
    {
        await Witness.Until(fact => fact is Fact.BasketClosed);
        return Witness.Facts.OfType<Fact.BasketClosed>().First().Result;
    }

    public static void AssertCompleted(BasketResult result, int shares)
    {
        Assert.Equal((BasketEnd.Completed, Size.Shares(shares), Usd.Dollars(shares)), (result.End, result.Quantity, result.Payout));
        Assert.Empty(result.Residues);
        Assert.True(result.Spent < result.Payout, $"paid {result.Spent} for {result.Payout}");
    }

    public static void AssertHasNoResidue(BasketResult result) => Assert.Equal((BasketEnd.Completed, Size.Shares(25)), (result.End, result.Quantity));

    public static void AssertUnwound(BasketResult result)
    {
        Assert.Equal((BasketEnd.Unwound, Size.Zero, Usd.Zero), (result.End, result.Quantity, result.Payout));
        Assert.Empty(result.Residues);
        Assert.InRange(result.Spent.Micros, 1, 4_000_000); // Twice the two dollars it was to earn.
    }

    /// <summary>
    /// Every order in the order of their placing: "Open 0: Confirmed 40". Of a FAK without a match the answer says that it is refused and
    /// the user channel that it is canceled, whichever comes first: "Killed".
    /// </summary>
    public ImmutableArray<string> Orders()
    {
        var blotter = new Blotter();
        foreach (var fact in Witness.Facts) blotter.Apply(fact);
        return [.. blotter.Baskets.SelectMany(blotter.OrdersOf).Select(order =>
            $"{order.Intent.Purpose} {order.Intent.Order.Leg}: {(IsKilled(order) ? "Killed" : order.State)} {order.Matched}")];
    }

    /// <summary>Where the first such fact stands among all facts.</summary>
    public int PlaceOf(Func<Fact, bool> fact, int from = 0)
    {
        var facts = Witness.Facts;
        for (var at = from; at < facts.Length; at++)
        {
            if (fact(facts[at])) return at;
        }

        throw new Xunit.Sdk.XunitException($"no such fact among\n{string.Join('\n', facts.Skip(from))}");
    }

    /// <summary>Completes when it holds; for what no fact tells.</summary>
    public static async Task Until(Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <inheritdoc cref="FaultDayAccounts.AssertNothingTwice"/>
    public Task AssertNothingTwice(CancellationToken stop, Usd reserved = default, ImmutableArray<string> differences = default) =>
        new FaultDayAccounts(_day).AssertNothingTwice(reserved, differences.IsDefault ? [] : differences, stop);

    public ValueTask DisposeAsync() => _day.DisposeAsync();

    private static bool IsKilled(Order order) =>
        order.State is OrderState.Rejected or OrderState.Canceled && order.Note.Contains("FAK", StringComparison.Ordinal);

    private LegOrder Leg(int question, int price) => new()
    {
        Leg = question,
        Attempt = 0,
        Condition = new ConditionId(_conditions[question].Id),
        Token = No(question),
        Outcome = Outcome.No,
        NegRisk = true,
        Side = Side.Buy,
        Type = OrderType.Gtc,
        Limit = new Price(price),
        MakerAmount = Shares * price * 100,
        TakerAmount = Shares * Units.MicrosOne,
        WorstFee = Usd.Zero,
    };

    /// <summary>Both markets know all their books, and the portfolio approves.</summary>
    private async Task UntilReady()
    {
        foreach (var question in (int[])[0, 3])
        {
            while (true)
            {
                var seen = Witness.Deliveries.Length;
                if (await MarketOf(question).View() is { Synced: 3, Stale: 0 }) break;
                await Witness.UntilDelivered(deliveries => deliveries.Count > seen);
            }
        }

        await Until(async () => !(await Portfolio.View()).IsRecovering);
    }
}
