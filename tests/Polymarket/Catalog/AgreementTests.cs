using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.Catalog;
using Xunit;

namespace PolyArb.Tests.Polymarket.Catalog;

/// <summary>Gamma's `feeSchedule` and the rest against `/clob-markets` (protocol sheet 2.3, 8).</summary>
public class AgreementTests
{
    private const string NoFees = """{"feesEnabled":false,"feeSchedule":null,"feeType":null}""";
    private const string Older = """{"feeSchedule":null,"feeType":"crypto_fees"}""";

    /// <summary>Millionths; null: closed. The base fees say 1000 in every row and count in none.</summary>
    [Theory]
    [InlineData("{}", "{}", 30_000)]
    [InlineData("""{"feeSchedule":{"rate":"0.03","exponent":"1","takerOnly":true}}""", "{}", 30_000)]
    [InlineData("""{"feeSchedule":{"rate":0.04,"exponent":1,"takerOnly":true}}""", "{}", null)]
    [InlineData("""{"feeSchedule":{"rate":0.03,"exponent":2,"takerOnly":true}}""", "{}", null)]
    [InlineData("""{"feeSchedule":{"rate":0.03,"exponent":1,"takerOnly":false}}""", "{}", null)]
    [InlineData("{}", """{"fd":{"r":0.03,"e":1}}""", null)]
    [InlineData("{}", """{"fd":{"r":0.03,"e":2,"to":true}}""", null)]
    [InlineData("""{"feeSchedule":{"rate":0.03,"exponent":2,"takerOnly":true}}""", """{"fd":{"r":0.03,"e":2,"to":true}}""", 30_000)]
    [InlineData("{}", """{"fd":null}""", null)]
    [InlineData("{}", """{"fd":{"r":0,"e":1,"to":true}}""", null)]
    [InlineData(NoFees, "{}", null)]
    [InlineData(NoFees, """{"fd":null}""", 0)]
    [InlineData(NoFees, """{"fd":{"r":0,"e":0}}""", 0)]
    [InlineData("""{"feesEnabled":false}""", """{"fd":null}""", 0)] // A schedule that is not switched on.
    [InlineData("""{"feeSchedule":{"rate":0,"exponent":1,"takerOnly":true}}""", """{"fd":null}""", 0)]
    [InlineData(Older, "{}", 30_000)]
    [InlineData(Older, """{"fd":null}""", null)]
    [InlineData(Older, """{"fd":{"r":0.03,"e":1}}""", null)]
    [InlineData("""{"feeSchedule":null,"feeType":""}""", "{}", null)]
    [InlineData("{}", """{"fd":{"r":0.0300001,"e":1,"to":true}}""", null)]
    [InlineData("{}", """{"fd":{"r":1.5,"e":1,"to":true}}""", null)]
    [InlineData("{}", """{"fd":{"r":"a lot","e":1,"to":true}}""", null)]
    [InlineData("""{"feeSchedule":{"rate":0.03,"exponent":7,"takerOnly":true}}""", """{"fd":{"r":0.03,"e":7,"to":true}}""", null)]
    [InlineData("""{"feeSchedule":{"exponent":1,"takerOnly":true}}""", """{"fd":{"e":1,"to":true}}""", null)]
    public void A_fee_is_known_only_when_both_say_the_same(string gamma, string terms, int? rate)
    {
        var judged = Judge(gamma, terms);

        Assert.Equal(rate, judged.Condition!.Fee?.RateMicros);
        Assert.Equal(rate is null, judged.Problem?.StartsWith("fee", StringComparison.Ordinal) is true);
        Assert.Equal((rate is not null, true), (judged.IsRead, judged.Condition.IsTradable));
    }

    [Fact]
    public void A_disagreement_says_both()
    {
        Assert.Equal("fees disagree: Gamma 0.03 with exponent 1, the order book none", Judge("{}", """{"fd":null}""").Problem);
        Assert.Equal("fee unclear: the order book: makers pay it too", Judge("{}", """{"fd":{"r":0.03,"e":1}}""").Problem);
    }

    [Theory]
    [InlineData("""{"v":"v2"}""", "protocol version V1 at Gamma, V2 at the order book")]
    [InlineData("""{"t":[{"t":"NO_","o":"Yes"},{"t":"YES","o":"No"}]}""", "name other tokens")]
    [InlineData("""{"t":[{"t":"YES"},{"t":"12"}]}""", "name other tokens")]
    [InlineData("""{"t":[{"t":"YES","o":"No"},{"t":"NO_","o":"Yes"}]}""", "the other way round")]
    [InlineData("""{"t":[{"t":"YES"},{"t":"NO_"}]}""", null)]
    [InlineData("""{"nr":true}""", "disagree about neg-risk")]
    [InlineData("""{"mts":0.02}""", "'0.02' is not a price step")]
    [InlineData("""{"ao":null}""", "the order book accepts no orders")]
    [InlineData("""{"ao":false}""", "the order book accepts no orders")]
    public void A_contradiction_closes_the_condition(string terms, string? reason)
    {
        var judged = Judge("{}", System.Text.Encoding.UTF8.GetString(Given.Frame(terms)));

        if (reason is null) Assert.Null(judged.Problem);
        else Assert.Contains(reason, judged.Problem, StringComparison.Ordinal);
        Assert.Equal(
            reason is null ? (true, true, new FeeCurve(30_000, 1)) : (false, false, (FeeCurve?)null),
            (judged.IsRead, judged.Condition!.IsTradable, judged.Condition.Fee));
    }

    [Fact]
    public void Tick_and_least_size_are_the_order_books_and_a_delay_is_anyones()
    {
        var condition = Judge("{}", """{"mts":0.001,"mos":15,"itode":true}""").Condition!;
        Assert.Equal((new Price(10), Size.Shares(15), true, true), (condition.Tick, condition.MinOrderSize, condition.DelaysTakers, condition.IsTradable));

        Assert.True(Judge("""{"secondsDelay":3}""", "{}").Condition!.DelaysTakers);
        Assert.True(Judge("{}", """{"sd":1}""").Condition!.DelaysTakers);
        Assert.False(Judge("{}", "{}").Condition!.DelaysTakers);
        Assert.Equal(Price.Cents(1), Judge("{}", """{"mts":null,"mos":null}""").Condition!.Tick);
    }

    [Fact]
    public void Without_terms_there_is_no_fee_and_no_trade()
    {
        var judged = Agreement.Judge(Gamma("{}"), null, "the order book does not know it yet");

        Assert.Equal(("the order book does not know it yet", false, false, null), (judged.Problem, judged.IsRead, judged.Condition!.IsTradable, judged.Condition.Fee));
    }

    [Fact]
    public void What_Gamma_closes_no_terms_open()
    {
        var judged = Judge("""{"acceptingOrders":false}""", "{}");

        Assert.Equal(("accepting no orders", false, null), (judged.Problem, judged.Condition!.IsTradable, judged.Condition.Fee));
    }

    /// <summary>Kept terms are asked for again when Gamma says another thing, or when the end is past.</summary>
    [Theory]
    [InlineData("{}", "{}", true)]
    [InlineData("""{"orderPriceMinTickSize":0.001}""", "{}", false)]
    [InlineData("""{"feeSchedule":{"rate":0.04,"exponent":1,"takerOnly":true}}""", "{}", false)]
    [InlineData("{}", """{"ao":null}""", false)]
    [InlineData("""{"endDate":"2026-05-31T23:59:59Z"}""", "{}", false)]
    [InlineData("""{"endDate":"2026-06-01T00:00:01Z"}""", "{}", true)]
    [InlineData("""{"endDate":null}""", "{}", true)]
    public void Kept_terms_are_believed_while_nothing_speaks_against_them(string gamma, string terms, bool isBelieved) => Assert.Equal(
        isBelieved,
        Agreement.IsBelieved(Gamma(gamma), TradingTerms.Read(Listed.Json(Listed.Terms(terms))), Instant.From(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero))));

    private static Judged Judge(string gamma, string terms) =>
        Agreement.Judge(Gamma(gamma), TradingTerms.Read(Listed.Json(Listed.Terms(terms))), "");

    private static GammaMarket Gamma(string patch) => GammaMarket.Read(Listed.Json(Listed.Gamma(patch)))!;
}
