using System.IO.Compression;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.Catalog;
using Xunit;

namespace PolyArb.Tests.Polymarket.Catalog;

/// <summary>Protocol sheet 0.2, 1.1 to 1.3, 2.2.</summary>
public class GammaMarketTests
{
    private static readonly string V2 = $$"""{"version":"v2","clobTokenIds":null,"positionIds":["{{Listed.Positions[0]}}","{{Listed.Positions[1]}}"]}""";

    [Fact]
    public void The_example_of_the_sheet_reads_as_it_says()
    {
        var market = Read(Listed.Gamma());

        Assert.Null(market.Problem);
        Assert.Equal((Given.Condition.Text, Given.Condition.Text, false), (market.Market.Text, market.IdText, market.IsNegRisk));
        Assert.Equal(new FeeWord.Known(new FeeCurve(30_000, 1)), market.Fee);
        Assert.Equal(Instant.From(new DateTimeOffset(2026, 12, 31, 0, 0, 0, TimeSpan.Zero)), market.EndsAt);
        Assert.Equal(
            new Condition
            {
                Id = Given.Condition,
                Question = "Will X happen?",
                Yes = Given.Yes,
                No = Given.No,
                Tick = Price.Cents(1),
                MinOrderSize = Size.Shares(5),
                NegRisk = false,
                Fee = null,
                IsTradable = true,
                EndsAt = market.EndsAt,
            },
            market.Condition);
    }

    /// <summary>Null: usable and tradable. Else what the reason must contain; a reason in brackets leaves no condition at all.</summary>
    [Theory]
    // Ids.
    [InlineData("""{"conditionId":"0xABCDEFabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef0123"}""", null)]
    [InlineData("""{"conditionId":"0xabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef01"}""", null)]
    [InlineData("""{"conditionId":"0xabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef012"}""", "[is not a condition id]")]
    [InlineData("""{"conditionId":"0xzbcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef0123"}""", "[is not a condition id]")]
    [InlineData("""{"conditionId":"12345"}""", "[is not a condition id]")]
    // The version decides, never which field is there.
    [InlineData("""{"version":null}""", "[no protocol version]")]
    [InlineData("""{"version":""}""", "[no protocol version]")]
    [InlineData("""{"version":"v3"}""", "[unknown protocol version 'v3']")]
    [InlineData("""{"version":2}""", "[unknown protocol version '2']")]
    [InlineData("""{"version":"V1"}""", null)]
    [InlineData("""{"positionIds":["1","2"]}""", null)]
    [InlineData("""{"clobTokenIds":null,"positionIds":["11","12"]}""", "[version v1 without clobTokenIds]")]
    [InlineData("""{"version":"v2"}""", "[version v2 without positionIds]")]
    // One to one.
    [InlineData("""{"clobTokenIds":"[\"11\"]"}""", "[2 outcomes and 1 token ids]")]
    [InlineData("""{"clobTokenIds":"[\"11\",\"12\",\"13\"]"}""", "[2 outcomes and 3 token ids]")]
    [InlineData("""{"outcomes":"[\"A\",\"B\",\"C\"]"}""", "[3 outcomes and 2 token ids]")]
    [InlineData("""{"outcomes":null}""", "[0 outcomes]")]
    [InlineData("""{"clobTokenIds":"[\"11\",\"12\""}""", "[without clobTokenIds]")]
    [InlineData("""{"clobTokenIds":"11"}""", "[without clobTokenIds]")]
    [InlineData("""{"clobTokenIds":{}}""", "[without clobTokenIds]")]
    [InlineData("""{"clobTokenIds":["11","12"]}""", null)]
    [InlineData("""{"clobTokenIds":"[11, 12]"}""", null)]
    // What is no token id.
    [InlineData("""{"clobTokenIds":"[\"\",\"\"]"}""", "[not filled in yet]")]
    [InlineData("""{"clobTokenIds":"[\"0x11\",\"12\"]"}""", "['0x11' is not a decimal token id]")]
    [InlineData("""{"clobTokenIds":"[\"11\",\"1.2\"]"}""", "['1.2' is not a decimal token id]")]
    [InlineData("""{"clobTokenIds":"[\"11\",\"-12\"]"}""", "['-12' is not a decimal token id]")]
    [InlineData("""{"clobTokenIds":"[\"11\",\"012\"]"}""", "['012' is not a decimal token id]")]
    [InlineData("""{"clobTokenIds":"[\"11\",null]"}""", "[not filled in yet]")]
    [InlineData("""{"clobTokenIds":"[\"115792089237316195423570985008687907853269984665640564039457584007913129639936\",\"12\"]"}""", "[is not a decimal token id]")]
    [InlineData("""{"clobTokenIds":"[\"11\",\"11\"]"}""", "[the same token id]")]
    // The rest of a condition.
    [InlineData("""{"orderPriceMinTickSize":null}""", "['' is not a price step]")]
    [InlineData("""{"orderPriceMinTickSize":0.02}""", "['0.02' is not a price step]")]
    [InlineData("""{"orderPriceMinTickSize":1}""", "['1' is not a price step]")]
    [InlineData("""{"orderPriceMinTickSize":"0.0025"}""", null)]
    [InlineData("""{"orderMinSize":null}""", "['' is not a minimum order size]")]
    [InlineData("""{"orderMinSize":"15"}""", null)]
    // Usable and not to be traded.
    [InlineData("""{"closed":true}""", "closed")]
    [InlineData("""{"archived":true}""", "archived")]
    [InlineData("""{"active":false}""", "not active")]
    [InlineData("""{"active":null}""", "not active")]
    [InlineData("""{"enableOrderBook":false}""", "without an order book")]
    [InlineData("""{"acceptingOrders":false}""", "accepting no orders")]
    [InlineData("""{"negRiskOther":true}""", "the Other of its event")]
    [InlineData("""{"outcomes":"[\"Up\",\"Down\"]"}""", "outcomes called Up and Down, not Yes and No")]
    [InlineData("""{"outcomes":["YES","no"]}""", null)]
    public void One_word_makes_the_difference(string patch, string? reason)
    {
        var market = Read(Listed.Gamma(patch));

        if (reason is null) Assert.Null(market.Problem);
        else Assert.Contains(reason.Trim('[', ']'), market.Problem, StringComparison.Ordinal);
        Assert.Equal(reason?.StartsWith('[') is true, market.Condition is null);
        Assert.Equal(reason is null, market.Condition is { IsTradable: true });
    }

    [Theory]
    [InlineData("""{"outcomes":"[\"Up\",\"Down\"]"}""", true)]
    [InlineData("""{"outcomes":"[\"No\",\"Yes\"]"}""", false)] // Index 0 is the one that pays when the question comes true.
    public void Other_labels_are_traded_when_allowed_but_never_the_wrong_way_round(string patch, bool isTraded) =>
        Assert.Equal(isTraded, GammaMarket.Read(Listed.Json(Listed.Gamma(patch)), allowsAnyLabels: true)!.Condition!.IsTradable);

    [Fact]
    public void A_market_of_version_2_has_its_position_ids_and_a_condition_of_31_bytes()
    {
        const string Short = "0xABCDEFabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef01";
        var market = Read(Listed.Gamma(V2, $$"""{"conditionId":"{{Short}}"}"""));

        Assert.Equal(Short.ToLowerInvariant() + "00", market.Id.Text);
        Assert.Equal((Short, market.Id.Text), (market.IdText, market.Market.Text));
        Assert.Equal(
            (ProtocolVersion.V2, Listed.Positions[0], Listed.Positions[1], true),
            (market.Condition!.Protocol, market.Condition.Yes.Text, market.Condition.No.Text, market.Condition.IsTradable));
    }

    public static TheoryData<string, string, string, string?> Layouts => new()
    {
        { "v2", Listed.Position(1, 0), Listed.Position(1, 1), null },
        { "v2", Listed.Position(3, 0), Listed.Position(3, 1), null },
        { "v2", Listed.Position(4, 0), Listed.Position(4, 1), "is not laid out as a position id" },
        { "v2", Listed.Position(2, 0), Listed.Position(2, 1, isReserved: false), "is not laid out as a position id" },
        { "v2", Given.Yes.Text, Given.No.Text, "is not laid out as a position id" },
        { "v2", Listed.Position(1, 1), Listed.Position(1, 0), "says outcome 1 in place 0" },
        { "v1", Listed.Position(2, 0), Listed.Position(2, 1), "is laid out as a position id of v2" },
        { "v1", Listed.Position(2, 0, isReserved: false), Listed.Position(2, 1, isReserved: false), null },
        { "v1", Given.Yes.Text, Given.No.Text, null },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void An_id_tells_its_version_by_itself(string version, string yes, string no, string? reason)
    {
        var market = Read(Listed.Gamma($$"""{"version":"{{version}}","clobTokenIds":["{{yes}}","{{no}}"],"positionIds":["{{yes}}","{{no}}"]}"""));

        if (reason is null) Assert.Null(market.Problem);
        else Assert.Contains(reason, market.Problem, StringComparison.Ordinal);
        Assert.Equal(reason is null, market.Condition is not null);
    }

    [Theory]
    [InlineData("0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee0a", 10)]
    [InlineData("0xEEeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeff", 255)]
    [InlineData("0xaaaaeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee0a", null)] // Of another event.
    [InlineData("", null)]
    public void A_question_of_an_event_is_numbered_by_its_last_byte(string questionId, int? index)
    {
        var market = Read(Listed.Gamma(
            $$"""{"negRisk":true,"negRiskMarketID":"{{Listed.Event.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal)}}","questionID":"{{questionId}}","events":[{"id":"77","title":"Who wins?"}]}"""));

        Assert.Equal((Listed.Event, true, "77", "Who wins?"), (market.Market.Text, market.IsNegRisk, market.EventId, market.EventTitle));
        Assert.Equal(index, market.Condition!.QuestionIndex);
        Assert.True(market.Condition.NegRisk);
    }

    [Theory]
    [InlineData("""{"events":[{"id":"7","negRiskAugmented":true}]}""", true)]
    [InlineData("""{"negRiskOther":true}""", true)]
    [InlineData("""{"events":[{"id":"7","negRiskAugmented":false}]}""", false)]
    public void An_event_with_an_Other_is_augmented(string patch, bool isAugmented) => Assert.Equal(isAugmented, Read(Listed.Gamma(patch)).IsAugmented);

    [Fact]
    public void A_market_without_a_condition_id_still_counts_in_its_event_and_nowhere_else()
    {
        var of = Listed.Json($$"""{"id":"77","negRiskMarketID":"{{Listed.Event}}"}""");

        Assert.Equal(Listed.Event, GammaMarket.Read(Listed.Json(Listed.Gamma("""{"conditionId":""}""")), of)!.Market.Text);
        Assert.Null(GammaMarket.Read(Listed.Json(Listed.Gamma("""{"conditionId":null}"""))));
        Assert.Null(GammaMarket.Read(Listed.Json("7")));
        Assert.Null(GammaMarket.Read(Listed.Json("{}")));
    }

    [Theory]
    [InlineData("2026-12-31T00:00:00.5Z", 1_798_675_200_500)]
    [InlineData("2026-12-31", 1_798_675_200_000)]
    [InlineData("2026-04-05 15:10:00+00", 1_775_401_800_000)]
    [InlineData("some day", null)]
    public void Ends_are_written_in_many_ways(string text, long? milliseconds) =>
        Assert.Equal(milliseconds, Read(Listed.Gamma($$"""{"endDate":"{{text}}"}""")).EndsAt?.Millis);

    /// <summary>292 markets of one day as Gamma gave them, of before the protocol versions.</summary>
    [Fact]
    public void Recorded_markets_read_once_their_version_is_known()
    {
        using var file = new StreamReader(new GZipStream(
            File.OpenRead(Captures.File(Path.Combine("Ligengxin96+polymarket-data-samples", "BTC-5m-markets-2026-06-08.jsonl.gz"))), CompressionMode.Decompress));
        var read = 0;
        while (file.ReadLine() is { } line)
        {
            var wrapped = Listed.Json(line);
            var raw = wrapped.GetProperty("raw");
            Assert.Equal("no protocol version", Read(raw.GetRawText()).Problem);

            var market = GammaMarket.Read(Listed.Json($$"""{"version":"v1",{{raw.GetRawText()[1..]}}"""), allowsAnyLabels: true)!;
            var condition = market.Condition!;
            Assert.Equal(wrapped.GetProperty("condition_id").GetString(), condition.Id.Text);
            Assert.Equal(wrapped.GetProperty("token_ids").EnumerateArray().Select(id => id.GetString()), [condition.Yes.Text, condition.No.Text]);
            Assert.Equal(new FeeWord.Known(new FeeCurve(70_000, 1)), market.Fee);
            Assert.Equal(("closed", true, false), (market.Problem, condition.IsClosed, condition.IsTradable));
            Assert.Equal(wrapped.GetProperty("end_sec").GetInt64() * 1_000, market.EndsAt?.Millis);
            read++;
        }

        Assert.Equal(292, read);
    }

    private static GammaMarket Read(string json) => GammaMarket.Read(Listed.Json(json))!;
}
