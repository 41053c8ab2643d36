using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Guards;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Simulation;
using Xunit;

namespace PolyArb.Tests.Domain;

public class SimulatedDayTests
{
    /// <summary>50 NO of each at 45 cents cost 45 dollars and pay 50; converted at once, for the event has no third question.</summary>
    [Fact]
    public void An_edge_is_bought_completes_and_becomes_dollars()
    {
        var result = new Recorded().Begin().Edge(1).NoEdge(3).Bid(10, 0).Play().Result;

        var basket = Assert.Single(result.Baskets);
        Assert.Equal((BasketEnd.Completed, Usd.Dollars(5)), (basket.End, basket.Realized));
        Assert.Equal(new JudgedBasket(basket.Predicted, Usd.Dollars(5)), basket.Judged);
        Assert.Equal((Usd.Dollars(1_005), Usd.Dollars(5), Usd.Zero), (result.Money.Cash, result.Money.Realized, result.Money.HeldCost));
        Assert.Equal((Usd.Dollars(1_005), 2L, 2L), (result.Money.Equity, result.Orders.Placed, result.Orders.Matched));
        Assert.Equal(result.Money.Equity, result.Equity[^1].Equity);
    }

    /// <summary>Orders travel for 50 ms: they meet the book of their arrival, not the one that was decided on.</summary>
    [Theory]
    [InlineData(1.049, BasketEnd.Unfilled)]
    [InlineData(1.051, BasketEnd.Completed)]
    public void An_order_meets_the_book_it_finds_when_it_arrives(double gone, BasketEnd end)
    {
        var result = new Recorded().Begin().Edge(1).NoEdge(gone).Bid(10, 0).Play().Result;

        Assert.Equal(end, Assert.Single(result.Baskets).End);
        var ack = Assert.Single(result.Latencies, row => row.Series == DayTally.SendToAck);
        Assert.Equal((1L, 80_000L), (ack.Samples, ack.P99Micros));
    }

    [Fact]
    public void The_same_recording_by_the_same_rules_comes_to_the_same()
    {
        var recorded = Recorded.Random(seed: 1);
        var (first, second) = (recorded.Play(), recorded.Play());

        Assert.NotEmpty(first.Decisions);
        Assert.Equal(first.Decisions, second.Decisions);
        Assert.Equal(first.Result.DecisionsDigest, second.Result.DecisionsDigest);
        Assert.Equal(first.Result.ToString(), second.Result.ToString());
        Assert.NotEqual(first.Result.DecisionsDigest, recorded.Play(Recorded.Rules with { Edge = Given.Policy with { MinEdge = Usd.Cents(9) } }).Result.DecisionsDigest);
    }

    /// <summary>Whatever follows a moment, what was decided until then is the same: nothing later is known.</summary>
    [Fact]
    public void What_is_decided_does_not_depend_on_what_comes_later()
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var recorded = Recorded.Random(seed);
            var whole = recorded.Play().Decisions;
            for (var cut = 1; cut < recorded.Count; cut += 17)
            {
                // The last burst of a part is decided on at its end, the whole's only with all that came at the same time: not compared.
                var part = recorded.Play(count: cut).Decisions;
                var until = part.Length == 0 ? "" : part[^1].Split(' ')[0];
                var before = part.Where(decision => decision.Split(' ')[0] != until).ToArray();
                Assert.True(before.SequenceEqual(whole.Take(before.Length)), $"seed {seed}, cut after {cut}");
            }
        }
    }

    [Fact]
    public void The_end_of_a_question_and_later_terms_are_not_known_before_their_time()
    {
        var (open, over) = (Begun(), Begun());
        var condition = over.Market.Conditions[0];
        over.Frame(5, BookUpdate.Resolved(condition.Id, condition.No));
        over.Opened(6, Given.Market(Given.Condition(0) with { Fee = null }, Given.Condition(1)));

        var (before, after) = (open.Play(), over.Play());
        Assert.NotEmpty(before.Decisions);
        Assert.Equal(before.Decisions, after.Decisions.Take(before.Decisions.Length));
        Assert.Equal(BasketEnd.Completed, after.Result.Baskets[0].End);

        static Recorded Begun() => new Recorded().Begin().Edge(1).Edge(4.9, shares: 60);
    }

    /// <summary>What was not converted is dollars once its question is decided: 50 NO of the first pay, those of the second do not.</summary>
    [Fact]
    public void Shares_of_a_decided_question_are_what_it_pays()
    {
        var recorded = new Recorded().Begin().Edge(1);
        foreach (var (condition, index) in recorded.Market.Conditions.Select((condition, index) => (condition, index)))
            recorded.Frame(10 + index, BookUpdate.Resolved(condition.Id, index == 0 ? condition.No : condition.Yes));

        var result = recorded.Play(Recorded.Rules with { SettleMin = Size.Shares(1_000) }).Result;
        Assert.Equal((Usd.Dollars(1_005), Usd.Zero, Usd.Dollars(5)), (result.Money.Cash, result.Money.HeldCost, result.Money.Realized));
    }

    [Fact]
    public void A_gap_empties_the_books_and_is_counted()
    {
        var recorded = new Recorded().Begin().Gap(10, "queue full").Edge(11); // Changes without a snapshot say nothing.
        var result = recorded.Bid(20, 0).Play().Result;

        Assert.Empty(result.Baskets);
        Assert.Equal((TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(20)), (result.Coverage.Watched, result.Coverage.Whole));
        Assert.Equal(("queue full", 1L), (result.Coverage.Gaps[0].Cause, result.Coverage.Gaps[0].Count));
    }

    [Fact]
    public void An_input_that_the_recording_lost_empties_every_book()
    {
        var recorded = new Recorded().Begin().Bid(1, 0).Edge(2);

        Assert.Single(recorded.Play().Result.Baskets);
        Assert.Empty(recorded.Play(missing: 3).Result.Baskets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void What_the_recorder_lost_is_one_gap_however_much_it_was(int count)
    {
        var gap = Assert.Single(new Recorded().Begin().Bid(1, 0).Lost(2, count).Edge(3).Play().Result.Coverage.Gaps);
        Assert.Equal(("inputs missing in the recording", 1L), (gap.Cause, gap.Count)); // Of the one market.
    }

    [Fact]
    public void A_market_that_the_recording_opened_is_traded_by_its_terms_from_then_on()
    {
        var recorded = new Recorded().Begin().Edge(1);
        var told = new Recorded().Opened(0, recorded.Market).Begin(0).Edge(1);

        Assert.Empty(recorded.Play(hasHeader: false).Result.Baskets);
        Assert.Single(told.Play(hasHeader: false).Result.Baskets);

        var feeless = Given.Market(Given.Condition(0) with { Fee = null }, Given.Condition(1) with { Fee = null });
        Assert.Empty(new Recorded(feeless).Opened(0, feeless).Begin(0).Edge(1).Play(hasHeader: false).Result.Baskets);
        var known = new Recorded(feeless).Opened(0, feeless).Begin(0).Opened(0.5, Given.Market());
        foreach (var book in known.Books) known.Frame(0.6, book.Snapshot());
        Assert.Single(known.Edge(1).Play(hasHeader: false).Result.Baskets);
    }

    [Fact]
    public void Limits_refuse_here_as_they_do_live()
    {
        var result = new Recorded().Begin().Edge(1).Play(Recorded.Rules with { Risk = Given.Limits with { MaxPositionPerMarket = Usd.Dollars(44) } }).Result;

        Assert.Empty(result.Baskets);
        Assert.Equal(("OverMarketLimit", 1L), (result.Refusals[0].Cause, result.Refusals[0].Count));
    }

    /// <summary>Every trade fails: equity falls back to the capital, and what was sold is asked back.</summary>
    [Fact]
    public void Trades_that_fail_to_settle_give_the_money_back()
    {
        var rules = Recorded.Rules with { Venue = Recorded.Rules.Venue with { FailuresPerMillion = 1_000_000 } };
        var result = new Recorded().Begin().Edge(1).NoEdge(2).Bid(60, 0).Play(rules).Result;

        Assert.Equal((Usd.Dollars(1_000), Usd.Zero), (result.Money.Cash, result.Money.HeldCost));
        Assert.Equal(2, result.Orders.FailedTrades);
    }

    [Fact]
    public void A_breaker_stops_the_day()
    {
        var rules = Recorded.Rules with
        {
            Breakers = Given.Breakers with { AnswersMin = 2 },
            Venue = Recorded.Rules.Venue with { RejectsPerMillion = 1_000_000 },
        };
        var recorded = new Recorded().Begin().Edge(1).NoEdge(2);
        for (var second = 10; second < 60; second += 10) recorded.Edge(second).NoEdge(second + 5);

        var result = recorded.Play(rules).Result;
        Assert.StartsWith("2 of 2 orders", result.Stop?.Why);
        Assert.Single(result.Baskets);
        Assert.Contains(result.Refusals, refusal => refusal.Cause is "NotInThisState");
    }

    [Fact]
    public void What_cannot_be_read_is_counted_and_passed_over()
    {
        var recorded = new Recorded().Begin()
            .Note(InputKind.Market, 0.1, "{").Note(InputKind.Params, 0.2, "{\"Opened\"").Note(InputKind.Timer, 0.3, "{\"gap\"").Note(InputKind.User, 0.4, "{").Edge(1);

        var played = recorded.Play();
        Assert.Equal(3, played.Unreadable);
        Assert.Single(played.Result.Baskets);
    }

    /// <summary>An edge of ten cents that stays for 300 ms: whoever acts later finds nothing, whoever may take less earns less.</summary>
    [Fact]
    public void The_capture_curve_says_what_acting_later_or_smaller_would_have_brought()
    {
        var cells = new Recorded().Begin().Edge(1).NoEdge(1.3).Bid(10, 0).Play().Result.Capture;

        Assert.All(cells, cell => Assert.Equal(cell.DelayMs < 300 ? 1 : 0, cell.Baskets));
        foreach (var (size, cents) in new[] { (10, 100), (50, 500), (200, 500), (1_000, 500) })
            Assert.InRange(Assert.Single(cells, cell => cell.DelayMs == 250 && cell.SizeMax == Size.Shares(size)).Earned.Micros, Usd.Cents(cents).Micros - 1, Usd.Cents(cents).Micros);
        Assert.Empty(new Recorded().Begin().Play().Result.Capture);
    }

    /// <summary>Bids of 45 and 50 rest beside the book's; both sides are sold into, and the pair is merged.</summary>
    [Fact]
    public void Quotes_rest_until_somebody_takes_them()
    {
        var recorded = Quoted();
        var (condition, book) = (recorded.Market.Conditions[0], recorded.Books[0]);
        recorded.Frame(5, BookUpdate.Trade(condition.Id, condition.Yes, book.Ms + 1, Price.Cents(45), Size.Shares(200), Side.Sell));
        recorded.Frame(6, BookUpdate.Trade(condition.Id, condition.No, book.Ms + 1, Price.Cents(50), Size.Shares(200), Side.Sell));

        var result = recorded.Bid(20, 0).Play(Maker).Result;
        Assert.Equal((BasketEnd.Completed, BasketStyle.Maker, Usd.Dollars(1)), (result.Baskets[0].End, result.Baskets[0].Style, result.Baskets[0].Realized));
        Assert.Equal(Usd.Dollars(1_001), result.Money.Cash);
    }

    /// <summary>Twenty shares of each were to earn a dollar; somebody took five.</summary>
    [Fact]
    public void Quotes_are_judged_by_the_part_that_was_taken()
    {
        var recorded = Quoted();
        var (condition, book) = (recorded.Market.Conditions[0], recorded.Books[0]);
        recorded.Frame(5, BookUpdate.Trade(condition.Id, condition.Yes, book.Ms + 1, Price.Cents(45), Size.Shares(105), Side.Sell));
        recorded.Frame(6, BookUpdate.Trade(condition.Id, condition.No, book.Ms + 1, Price.Cents(50), Size.Shares(105), Side.Sell));

        var basket = recorded.Bid(14, 0).Bid(17, 0).Bid(40, 0).Play(Maker).Result.Baskets[0];
        Assert.Equal((BasketEnd.Completed, Usd.Dollars(1), Usd.Cents(25)), (basket.End, basket.Predicted, basket.Realized));
        Assert.Equal(new JudgedBasket(Usd.Cents(25), Usd.Cents(25)), basket.Judged);
    }

    [Fact]
    public void A_quote_that_nobody_takes_is_cancelled_when_its_time_is_over()
    {
        var result = Quoted().Bid(14, 0).Bid(17, 0).Play(Maker).Result;
        Assert.Equal((BasketEnd.Unfilled, 2L), (result.Baskets[0].End, result.Orders.Canceled));
        Assert.Null(result.Baskets[0].Judged);
    }

    private static DayRules Maker => Recorded.Rules with
    {
        Edge = Given.Policy with
        {
            Maker = new() { Markets = [], Size = Size.Shares(20), ImproveTicks = 0, SkewTicks = 1, MaxInventory = Size.Shares(100), MinLifetime = TimeSpan.FromSeconds(1) },
        },
    };

    private static Recorded Quoted()
    {
        var recorded = new Recorded(Given.Single(Given.Condition(negRisk: false)));
        recorded.Books[0].Set(Outcome.Yes, Side.Buy, 45, 100);
        recorded.Books[0].Set(Outcome.Yes, Side.Sell, 50, 100);
        return recorded.Frame(0, recorded.Books[0].Snapshot());
    }
}
