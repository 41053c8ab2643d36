using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Protocol sheet 2.1 and 2.3.</summary>
public class CatalogTests
{
    private static readonly string[] Ids = [.. Enumerable.Range(1, 9).Select(i => $"0x{i:d64}")];

    [Fact]
    public async Task An_event_is_one_market_in_the_order_of_its_questions()
    {
        var market = Assert.Single(await Read([Listed(1, group: "0xevent", question: "02"), Listed(2, group: "0xevent", question: "00"), Listed(3, group: "0xevent", question: "0a", closed: true)]));
        Assert.Equal(("0xevent", true), (market.Id.Text, market.NegRisk));
        Assert.Equal([Ids[1], Ids[0], Ids[2]], market.Conditions.Select(condition => condition.Id.Text));
        Assert.Equal([0, 2, 10], market.Conditions.Select(condition => condition.QuestionIndex));
        Assert.Equal([true, true, false], market.Conditions.Select(condition => condition.IsTradable));
    }

    [Fact]
    public async Task A_lone_condition_is_a_market_of_its_own()
    {
        var market = Assert.Single(await Read([Listed(1)], ("1", """{"t":[{"t":"11"},{"t":"12"}],"mts":0.001,"mos":5,"fd":{"r":0.05,"e":1,"to":true},"itode":true}""")));
        var condition = Assert.Single(market.Conditions);
        Assert.Equal((Ids[0], false, "Will 1?"), (market.Id.Text, market.NegRisk, market.Title));
        Assert.Equal((new TokenId("11"), new TokenId("12"), new Price(10), Size.Shares(5)), (condition.Yes, condition.No, condition.Tick, condition.MinOrderSize));
        Assert.Equal(new FeeCurve(50_000, 1), condition.Fee);
        Assert.True(condition.DelaysTakers);
        Assert.Null(condition.QuestionIndex);
    }

    [Theory]
    [InlineData("""{"t":[{"t":"11"},{"t":"12"}]}""", true)]
    [InlineData("""{"t":[{"t":"12"},{"t":"11"}]}""", false)]
    [InlineData("""{"t":[{"t":"11"},{"t":"12"}],"nr":true}""", false)]
    [InlineData("""{"t":[{"t":"11"},{"t":"12"}],"fd":{"r":0.05,"e":1}}""", false)]
    [InlineData("""{"t":[{"t":"11"},{"t":"12"}],"fd":{"r":0.05,"e":7,"to":true}}""", false)]
    [InlineData("<html>", false)]
    public async Task A_fee_is_known_only_when_the_venue_says_it(string terms, bool free)
    {
        var market = Assert.Single(await Read([Listed(1)], ("1", terms)));
        Assert.Equal(free ? FeeCurve.Free : null, market.Conditions[0].Fee);
    }

    [Fact]
    public async Task What_has_no_tokens_yet_or_is_closed_is_left_out() =>
        Assert.Empty(await Read([Listed(1).Replace("\"11\"", "\"\"", StringComparison.Ordinal), Listed(2, closed: true)]));

    [Fact]
    public async Task Terms_are_asked_for_once()
    {
        var venue = Venue([Listed(1)], ("1", """{"t":[{"t":"11"},{"t":"12"}]}"""));
        var catalog = new PolymarketCatalog(venue, venue.Terms);
        await catalog.Markets(TestContext.Current.CancellationToken);
        await catalog.Markets(TestContext.Current.CancellationToken);
        Assert.Single(venue.Asked, asked => asked.Path.StartsWith("/clob-markets", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_breaks_off_is_no_list()
    {
        var venue = new ScriptedVenue().Answers(503, "");
        Assert.IsType<VenueAnswer<ImmutableArray<Market>>.Unavailable>(
            await new PolymarketCatalog(venue, venue.Terms).Markets(TestContext.Current.CancellationToken));
    }

    private static string Listed(int n, string group = "", string question = "00", bool closed = false) =>
        $$"""{"enable_order_book":true,"active":true,"closed":{{(closed ? "true" : "false")}},"archived":false,"accepting_orders":true,"minimum_order_size":5,"minimum_tick_size":0.01,"condition_id":"{{Ids[n - 1]}}","question_id":"0x{{new string('1', 62)}}{{question}}","question":"Will {{n}}?","seconds_delay":0,"neg_risk":{{(group.Length > 0 ? "true" : "false")}},"neg_risk_market_id":"{{group}}","rewards":{"rates":null},"tokens":[{"token_id":"{{n}}1","outcome":"Up","price":0.82,"winner":false},{"token_id":"{{n}}2","outcome":"Down","price":0.18,"winner":false}]}""";

    private static ScriptedVenue Venue(string[] listed, params (string N, string Terms)[] terms)
    {
        var venue = new ScriptedVenue()
            .AnswersAt("/markets?next_cursor=MA%3D%3D", $$"""{"limit":1,"count":1,"next_cursor":"MQ==","data":[{{listed[0]}}]}""")
            .AnswersAt("/markets?next_cursor=MQ%3D%3D", $$"""{"limit":1,"count":1,"next_cursor":"LTE=","data":[{{string.Join(',', listed[1..])}}]}""");
        foreach (var (n, answer) in terms) venue.AnswersAt($"/clob-markets/0x{n.PadLeft(64, '0')}", answer);
        return venue;
    }

    private static async Task<ImmutableArray<Market>> Read(string[] listed, params (string N, string Terms)[] terms)
    {
        var venue = Venue(listed, terms);
        var answer = await new PolymarketCatalog(venue, venue.Terms).Markets(TestContext.Current.CancellationToken);
        return Assert.IsType<VenueAnswer<ImmutableArray<Market>>.Ok>(answer).Value;
    }
}
