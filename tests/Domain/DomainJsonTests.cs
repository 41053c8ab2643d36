using System.Collections.Immutable;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class DomainJsonTests
{
    private static readonly OrderId Id = new("o1");
    private static readonly Condition Condition = Given.Condition();
    private static readonly BookHash Hash = BookHash.Parse("9b47e90f344140578e34a6a455e396c1f7a36aff");

    private static readonly SettlementCall Call = SettlementCall.Of(
        Given.Market(), new Dictionary<TokenId, Size> { [Given.Yes()] = Size.Shares(3), [Given.No()] = Size.Shares(5) })[0] with
    {
        Gets = [new SettlementToken(Condition.Id, Given.No(), Outcome.No, null)],
        Protocol = ProtocolVersion.V2,
    };

    private static readonly ImmutableDictionary<TokenId, Size> Some = ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Parse("1.25"));

    private static readonly object[] Samples =
    [
        new Fact.OpeningBalanceTaken(Given.Noon, Usd.Parse("-1.5"), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Parse("1.25"))),
        new Fact.StateChanged(Given.Noon, TradingState.Running, TradingState.Flattening, 7, "operator", "\"why\" \u00fc <>"),
        Given.Opened(),
        new Fact.ClosingOrderPlaced(Given.Noon, new ReservationId(2, 3), Given.Placed("o2", Given.Leg(1, Side.Sell, attempt: 1), Purpose.Unwind)),
        new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill(feeCents: 3))),
        new Fact.BasketClosed(Given.Noon, new BasketId("b-1"), Given.Event, new BasketResult(BasketEnd.Held, Size.Shares(3), Usd.Dollars(3), Usd.Parse("-0.1"), "residue")),
        new Fact.BasketLocked(Given.Noon, new BasketId("b-1"), Given.Event, Size.Shares(3), Usd.Dollars(3)),
        new Fact.CancelRequested(Given.Noon, Given.Event, [new OrderId("o1")], "why"),
        new Fact.ErrorNoted(Given.Noon, "where", "what"),
        new Fact.ExternalCredited(Given.Noon, Usd.Dollars(1), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Parse("1.25")), "why"),
        new Fact.RoundingAdjusted(Given.Noon, Usd.Parse("0.01"), "why"),
        new Fact.EquitySampled(Given.Noon, Usd.Dollars(10), Usd.Parse("-1.5")),
        new Fact.OperatorActed(Given.Noon, "who", "what"),
        new Fact.ParametersChanged(Given.Noon, "who", "set", [new ParameterChange("risk.drawdown_limit", "150", "50", "150")]),
        new Fact.RoundingAdjusted(Given.Noon, Usd.Cents(1), "rounding", Some),
        new Fact.SharesRedeemed(Given.Noon, Some, Usd.Dollars(1)),
        new Fact.LedgerAccepted(Given.Noon, Usd.Parse("-2.5"), Some, Some, "me", "why"),
        new Fact.SettlementStarted(Given.Noon, new ReservationId(2, 3), Call),
        new Fact.SettlementEnded(Given.Noon, new ReservationId(2, 3), Call with { Kind = SettlementKind.Convert, NegRisk = true }, SettlementEnd.Refused, "why"),
        new OrderEvent.Unanswered(Id, "timeout"), new OrderEvent.Rejected(Id, "no"), new OrderEvent.Delayed(Id), new OrderEvent.Placed(Id),
        new OrderEvent.Matched(Id, Size.Shares(4), IsFinal: true), new OrderEvent.Filled(Given.Fill()), new OrderEvent.Canceled(Id, "gone"), new OrderEvent.Absent(Id),
        new DeskInput.Opened(
            Given.Market(Condition with { Fee = new FeeCurve(50_000, 2), DelaysTakers = true }, Condition with { Fee = null, QuestionIndex = null, LastTrade = null }),
            Given.Policy with { AllYes = [Given.Event], CompletionCapBps = -1 }),
        new DeskInput.Refused(new BasketId("b-1"), Refusal.OverTotalLimit), new DeskInput.Sent(new BasketId("b-1")), new DeskInput.Unknown(new BasketId("b-1")),
        new DeskInput.News(4, [new OpenBasket(Given.Basket(), Given.Noon, [LegNews.Of(new Order(Given.Placed("o1")))])], [new Stock(Given.No(), Size.Shares(3), Usd.Dollars(1))]),
        new DeskInput.Pulled([new OrderId("o1")], []), new DeskInput.Tick(), new DeskInput.Shut(), new DeskInput.Drain(true),
        new DeskDecision.Propose(Given.Proposal() with { Basket = Given.Basket(BasketKind.AllYes) }),
        new DeskDecision.Lock(new BasketId("b-1"), Size.Shares(3), Usd.Dollars(3)), new DeskDecision.Pull([new OrderId("o1")], "why"), new DeskDecision.SwitchOff("why"),
        new DeskDecision.Close(new BasketId("b-1"), new BasketResult(BasketEnd.Unfilled, Size.Zero, Usd.Zero, Usd.Zero, "")),
    ];

    /// <summary>At least one of every kind.</summary>
    internal static IEnumerable<Fact> Facts => Samples.OfType<Fact>();

    public static TheoryData<Type> Unions => [typeof(Fact), typeof(OrderEvent), typeof(DeskInput), typeof(DeskDecision)];

    /// <summary>A new case without a sample fails here.</summary>
    [Theory]
    [MemberData(nameof(Unions))]
    public void Every_case_survives_a_round_trip(Type union)
    {
        foreach (var type in union.GetNestedTypes())
        {
            var sample = Samples.FirstOrDefault(sample => sample.GetType() == type);
            Assert.True(sample is not null, $"no sample of {union.Name}.{type.Name}");

            var json = JsonSerializer.Serialize(sample, union, DomainJson.Options);
            Assert.Contains($"\"case\":\"{type.Name}\"", json, StringComparison.Ordinal);
            var back = JsonSerializer.Deserialize(json, union, DomainJson.Options);
            Assert.IsType(type, back);
            Assert.Equal(Describe(sample), Describe(back));
            Assert.Equal(json, JsonSerializer.Serialize(back, union, DomainJson.Options));
        }
    }

    private static readonly BookUpdate[] Updates =
    [
        BookUpdate.Snapshot(Condition.Id, Condition.Yes, 5, Hash, Given.Levels((40, 1)), default, Price.Cents(1), "0.550"),
        BookUpdate.Changes(Condition.Id, 5, new[] { new LevelChange(Condition.No, Side.Sell, Given.Level(40, 0), null), new LevelChange(Condition.No, Side.Buy, Given.Level(39, 1), Hash) }),
        BookUpdate.Trade(Condition.Id, Condition.No, 5, Price.Cents(40), Size.Shares(1), Side.Sell),
        BookUpdate.TickChange(Condition.Id, Condition.No, 5, Price.Parse("0.001")),
        BookUpdate.Best(Condition.Id, Condition.No, 5, null, Price.Cents(41)),
        BookUpdate.Resolved(Condition.Id, null), BookUpdate.Resolved(Condition.Id, Condition.No), BookUpdate.Listed(Condition.Id),
        BookUpdate.Moved(Condition.Id),
    ];

    [Fact]
    public void Every_kind_of_update_survives_a_round_trip()
    {
        Assert.Equal(Enum.GetValues<BookUpdateKind>(), Updates.Select(update => update.Kind).Distinct());
        foreach (var update in Updates)
        {
            var back = DomainJson.Read<BookUpdate>(DomainJson.Write(update));
            Assert.Equal(update.Bids.ToArray(), back.Bids.ToArray());
            Assert.Equal(update.Asks.ToArray(), back.Asks.ToArray());
            Assert.Equal(update.Entries.ToArray(), back.Entries.ToArray());
            Assert.Equal(update with { Bids = default, Asks = default, Entries = default }, back with { Bids = default, Asks = default, Entries = default });
        }
    }

    [Fact]
    public void An_announcement_survives_a_round_trip()
    {
        var sent = Given.Announcement(Usd.Dollars(5), TradingState.Flattening, recovering: true) with
        {
            Positions = [new Position(Given.No(), null, Condition.Id, Size.Shares(2), Usd.Dollars(1), Outcome.No)],
            Trades = [new TradeSeen(new TradeId("t"), Id, TradeStatus.Mined)],
            OpenBaskets = [new OpenSlot(new BasketId("b-1"), new BasketSlot(Given.Event, null))],
            Consumed = [new HeldReservation(new ReservationId(1, 2), Given.Event, Usd.Dollars(1), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Shares(1)))],
        };
        Assert.Equal(Describe(sent), Describe(DomainJson.Read<Announcement>(DomainJson.Write(sent))));
    }

    [Theory]
    [InlineData("\"0.12345\"")]
    [InlineData("null")]
    [InlineData("0.5")]
    public void What_is_no_price_is_an_error_of_json(string json) => Assert.ThrowsAny<Exception>(() => DomainJson.Read<Price>(json));

    [Fact]
    public void A_recorded_turn_calls_its_number_turn() => Assert.StartsWith(
        "{\"turn\":3,", DomainJson.Write(new RecordedTurn(3, "m", 1, 2, Given.Noon, "d", null)), StringComparison.Ordinal);

    /// <summary>Every value that can be set, all the way down.</summary>
    private static string Describe(object? value) => value switch
    {
        null => "null",
        string or Enum or TimeSpan => $"'{value}'",
        System.Collections.IEnumerable items => $"[{string.Join(", ", items.Cast<object>().Select(Describe))}]",
        _ when value.GetType().IsPrimitive => $"{value}",
        _ => string.Join(", ", value.GetType().GetProperties().Where(property => property.CanWrite || value is System.Runtime.CompilerServices.ITuple
            || value.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal)).Select(property => $"{property.Name}: ({Describe(property.GetValue(value))})")),
    };
}
