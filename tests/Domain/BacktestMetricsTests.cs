using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Replay;
using Xunit;

namespace PolyArb.Tests.Domain;

public class BacktestMetricsTests
{
    private static readonly VerdictRules Rules = new();

    /// <summary>Every figure worked out by hand from the day's own numbers.</summary>
    [Fact]
    public void A_day_in_figures()
    {
        var metrics = BacktestMetrics.Of(Mixed, Rules);

        Assert.Equal(Usd.Dollars(10_030), metrics.FinalEquity); // 8,000 in cash and 2,030 held.
        Assert.Equal(Usd.Dollars(50), metrics.MaxDrawdown);
        Assert.Equal(Usd.Dollars(8_000), metrics.Cash);
        Assert.Equal(Usd.Dollars(10), metrics.RealizedPnl);
        Assert.Equal(Usd.Dollars(20), metrics.UnrealizedPnl); // 2,030 worth, 2,010 cost.
        Assert.Equal(3, metrics.TradeCount); // Of five sent one is open, and one was never filled.
        Assert.Equal(new Share(333_333), metrics.WinRate); // One of three; to make nothing is no win.
        Assert.Equal(new Share(800_000), metrics.FillRatio); // 80 of 100.
        Assert.Equal(new Share(150_000), metrics.CancelRatio); // 15 of 100.
        Assert.Equal(new Share(50_000), metrics.RejectRatio); // 5 of 100.
        Assert.Equal(new Share(250_000), metrics.PartialFillFrequency); // 20 of the 80 that matched.
        Assert.Equal(new EdgeKept(4, Usd.Cents(320), Usd.Cents(40)), metrics.EdgePredictedVsRealized); // 60 - 20 + 0 + 0.
        Assert.Equal(new Share(125_000), metrics.EdgePredictedVsRealized.Ratio);
        Assert.Equal(500_000, metrics.EventsPerSecond); // A million in two seconds.
        Assert.Equal(new SortedDictionary<string, long> { ["completed"] = 2, ["open"] = 1, ["unfilled"] = 1, ["unwound"] = 1 }, metrics.Baskets);
        Assert.Equal(new Share(960_000), metrics.Coverage);
        Assert.Equal(new ProofsMade(900, 3, 1, 0), metrics.Proofs);
    }

    [Fact]
    public void Profit_is_what_was_realized_and_what_was_not()
    {
        var money = SimulatedDays.Good.Money;

        Assert.Equal(money.Profit, money.Realized + money.Unrealized);
    }

    [Fact]
    public void A_day_without_trades_has_figures_all_the_same()
    {
        var metrics = BacktestMetrics.Of(SimulatedDays.Quiet with { Elapsed = TimeSpan.Zero }, Rules);

        Assert.Equal((0, Share.Zero, Share.Zero, Share.Zero), (metrics.TradeCount, metrics.WinRate, metrics.FillRatio, metrics.PartialFillFrequency));
        Assert.Equal(new EdgeKept(0, Usd.Zero, Usd.Zero), metrics.EdgePredictedVsRealized);
        Assert.Null(metrics.EdgePredictedVsRealized.Ratio);
        Assert.Equal((Usd.Dollars(10_000), 0), (metrics.FinalEquity, metrics.EventsPerSecond));
    }

    /// <summary>Scripts read these names (contract.md).</summary>
    [Theory]
    [InlineData("final_equity", "\"10030\"")]
    [InlineData("max_drawdown", "\"50\"")]
    [InlineData("win_rate", "0.333333")]
    [InlineData("trade_count", "3")]
    [InlineData("cash", "\"8000\"")]
    [InlineData("realized_pnl", "\"10\"")]
    [InlineData("unrealized_pnl", "\"20\"")]
    [InlineData("fill_ratio", "0.8")]
    [InlineData("cancel_ratio", "0.15")]
    [InlineData("reject_ratio", "0.05")]
    [InlineData("partial_fill_frequency", "0.25")]
    [InlineData("edge_predicted_vs_realized", """{"baskets":4,"predicted":"3.2","realized":"0.4","ratio":0.125}""")]
    [InlineData("events", "1000000")]
    [InlineData("seconds", "2")]
    [InlineData("events_per_second", "500000")]
    [InlineData("verdict", "\"NO-DEPLOY\"")]
    [InlineData("changes", """{"min_edge_threshold":"0.02"}""")]
    [InlineData("from", "1772323200000")]
    public void The_document_spells_it_as_the_contract_says(string name, string json)
    {
        using var document = JsonDocument.Parse(BacktestMetrics.Of(Mixed, Rules).ToJson());

        Assert.Equal(json, JsonSerializer.Serialize(document.RootElement.GetProperty(name)));
    }

    [Fact]
    public void The_document_holds_the_curve_in_milliseconds_and_the_digest()
    {
        using var document = JsonDocument.Parse(BacktestMetrics.Of(Mixed, Rules).ToJson());

        var curve = document.RootElement.GetProperty("equity_curve");
        Assert.Equal(4, curve.GetArrayLength());
        Assert.Equal("""{"at":1772344800000,"equity":"10040"}""", JsonSerializer.Serialize(curve[1]));
        Assert.Equal(new string('a', 64), document.RootElement.GetProperty("decisions_digest").GetString());
        Assert.Equal(JsonValueKind.Array, document.RootElement.GetProperty("capture_curve").ValueKind);
    }

    [Fact]
    public void A_missing_ratio_is_said_to_be_missing()
    {
        using var document = JsonDocument.Parse(BacktestMetrics.Of(SimulatedDays.Quiet, Rules).ToJson());

        Assert.Equal(JsonValueKind.Null, document.RootElement.GetProperty("edge_predicted_vs_realized").GetProperty("ratio").ValueKind);
    }

    /// <summary>It travels between processes, and the metrics are made where it arrives.</summary>
    [Fact]
    public void A_result_survives_the_domains_json()
    {
        var back = DomainJson.Read<BacktestResult>(DomainJson.Write(Mixed));

        Assert.Equal(BacktestMetrics.Of(Mixed, Rules).ToJson(), BacktestMetrics.Of(back, Rules).ToJson());
        Assert.Equal(DomainJson.Write(Mixed), DomainJson.Write(back));
    }

    private static BacktestResult Mixed => SimulatedDays.Good with
    {
        Baskets =
        [
            SimulatedDays.Basket(1, realizedCents: 60),
            SimulatedDays.Basket(2, realizedCents: -20, end: BasketEnd.Unwound),
            SimulatedDays.Basket(3, realizedCents: 0),
            SimulatedDays.Basket(4, realizedCents: 0, end: BasketEnd.Unfilled),
            SimulatedDays.Basket(5, realizedCents: null, end: null),
        ],
    };
}
