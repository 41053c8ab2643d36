using System.Text.Json;
using System.Text.Json.Nodes;
using PolyArb.Domain;

namespace PolyArb.Tests.Polymarket.Catalog;

/// <summary>
/// Gamma's and the order book's words about one condition: the examples of the protocol sheet (2.2, 2.3). A test states what differs as a
/// patch, in which null takes a member away.
/// </summary>
internal static class Listed
{
    public const string Event = "0xeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee00";

    /// <summary>Position ids of 0.2: module 1, chain 137, outcomes 0 and 1.</summary>
    public static readonly string[] Positions = [Position(1, 0), Position(1, 1)];

    public static string Gamma(params string[] patches) => Patched(
        $$"""
        {"id":"512001","question":"Will X happen?","conditionId":"{{Given.Condition}}","questionID":"0x{{new string('1', 64)}}",
         "slug":"will-x-happen","startDate":"2026-01-02T03:04:05.678901Z","endDate":"2026-12-31T00:00:00Z","outcomes":"[\"Yes\", \"No\"]","outcomePrices":"[\"0.82\", \"0.18\"]",
         "clobTokenIds":"[\"{{Given.Yes}}\", \"{{Given.No}}\"]","version":"v1",
         "active":true,"closed":false,"archived":false,"acceptingOrders":true,"enableOrderBook":true,"negRisk":false,
         "orderPriceMinTickSize":0.01,"orderMinSize":5,"secondsDelay":0,"feesEnabled":true,"feeType":"sports_fees_v2",
         "feeSchedule":{"rate":0.03,"exponent":1,"takerOnly":true,"rebateRate":0.25},"makerBaseFee":1000,"takerBaseFee":1000}
        """,
        patches);

    public static string Terms(params string[] patches) => Patched(
        $$"""
        {"c":"{{Given.Condition}}","t":[{"t":"{{Given.Yes}}","o":"Yes"},{"t":"{{Given.No}}","o":"No"}],
         "mts":0.01,"mos":5,"mbf":1000,"tbf":1000,"fd":{"r":0.03,"e":1,"to":true},"r":{"mi":50,"ma":3.5,"e":true},"ao":true}
        """,
        patches);

    /// <summary>The condition of this number; of the event, where it is asked for as its question of that number.</summary>
    public static string Number(int number, bool inEvent = false, params string[] patches) => Gamma(
    [
        $$"""{"question":"Will {{number}}?","conditionId":"{{Id(number)}}","clobTokenIds":"[\"{{number}}1\",\"{{number}}2\"]"}""",
        inEvent
            ? $$"""{"negRisk":true,"negRiskMarketID":"{{Event}}","questionID":"{{Event[..64]}}{{number:x2}}","events":[{"id":"77","title":"Who wins?"}]}"""
            : "{}",
        .. patches,
    ]);

    public static string TermsOf(int number, bool inEvent = false, params string[] patches) => Terms(
    [
        $$"""{"c":"{{Id(number)}}","t":[{"t":"{{number}}1","o":"Yes"},{"t":"{{number}}2","o":"No"}]}""",
        inEvent ? """{"nr":true}""" : "{}",
        .. patches,
    ]);

    public static string Id(int number) => $"0x{number:d64}";

    public static JsonElement Json(string text) => JsonElement.Parse(text);

    /// <summary>A position id with these bits, in decimal.</summary>
    public static string Position(int module, int outcome, bool isReserved = true)
    {
        var word = new byte[32];
        word[0] = (byte)module;
        word.AsSpan(1, 16).Fill(0xab);
        word[18] = 1;
        if (!isReserved) word[22] = 1;
        word[28] = 137;
        word[31] = (byte)outcome;
        return new System.Numerics.BigInteger(word, isUnsigned: true, isBigEndian: true).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Patched(string json, string[] patches)
    {
        var result = JsonNode.Parse(json)!.AsObject();
        foreach (var patch in patches)
        {
            foreach (var (name, value) in JsonNode.Parse(patch)!.AsObject())
            {
                if (value is null) result.Remove(name);
                else result[name] = value.DeepClone();
            }
        }

        return result.ToJsonString();
    }
}
