using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Questions that end while trades of them are still on their way, or may still fail.</summary>
public class SimulatedSettlementTests
{
    private static readonly Condition Question = Given.Condition();

    private readonly GatewayState _state = new();
    private readonly RiskState _risk = new(1);
    private readonly SimulatedVenue _venue = new(Recorded.Rules.Venue, 1, Usd.Dollars(1_000), _ => null);
    private readonly SimulatedSettlement _settlement;

    public SimulatedSettlementTests()
    {
        _settlement = new SimulatedSettlement(_state, _risk, _venue, Size.Shares(1), generation: 1);
        _state.Apply(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(1_000), ImmutableDictionary<TokenId, Size>.Empty));
        _state.Apply(Given.Opened());
        _risk.Accept(_state.Announcement(1, isRecovering: false, []));
    }

    /// <summary>100 NO at 45 cents, told after the question ended with NO, or with YES.</summary>
    [Theory]
    [InlineData(Outcome.No, 1_055)]
    [InlineData(Outcome.Yes, 955)]
    public void Shares_that_are_told_after_the_end_are_paid_like_those_before(Outcome winner, long cash)
    {
        _settlement.Resolve(Question, Question.Token(winner), Given.Noon);
        Tell(TradeStatus.Matched);

        Assert.Equal((Usd.Dollars(cash), Size.Zero, Usd.Zero), Books);
        Tell(TradeStatus.Mined);
        Tell(TradeStatus.Confirmed);
        Assert.Equal((Usd.Dollars(cash), Size.Zero, Usd.Zero), Books);
    }

    [Theory]
    [InlineData(Outcome.No)]
    [InlineData(Outcome.Yes)]
    public void A_trade_that_fails_after_the_end_keeps_no_payout(Outcome winner)
    {
        Tell(TradeStatus.Matched);
        _settlement.Resolve(Question, Question.Token(winner), Given.Noon);
        Tell(TradeStatus.Failed);

        Assert.Equal((Usd.Dollars(1_000), Size.Zero, Usd.Zero), Books);
        Assert.Equal(Usd.Zero, _state.Ledger.Realized);
    }

    [Fact]
    public void A_question_ends_once_and_others_go_on()
    {
        Tell(TradeStatus.Matched);
        _settlement.Resolve(Question, Question.No, Given.Noon);
        _settlement.Resolve(Question, Question.No, Given.Noon);
        _settlement.Hear(Given.Condition(1).Id, Given.Noon);

        Assert.Equal((Usd.Dollars(1_055), Size.Zero, Usd.Zero), Books);
    }

    /// <summary>The gateway's ledger, of which the portfolio's must be a copy.</summary>
    private (Usd Cash, Size Shares, Usd Cost) Books
    {
        get
        {
            Assert.Equal((_state.Ledger.Cash, _state.Ledger.Realized, _state.Ledger.Positions.Count), (_risk.Cash, _risk.Realized, _risk.Positions.Count));
            return (_state.Ledger.Cash, _state.Ledger.Shares(Question.No), _state.Ledger.Cost);
        }
    }

    private void Tell(TradeStatus status)
    {
        var change = _state.Apply(new Fact.OrderChanged(Given.Noon, new OrderEvent.Filled(Given.Fill(status: status, order: "b-1/0"))));
        _risk.Settle(change!.Settlement!);
        _settlement.Hear(Question.Id, Given.Noon);
    }
}

/// <summary>The same in a day: the news travels for 30 ms, and trades are mined, or fail, two seconds after their match.</summary>
public class ResolutionDayTests
{
    private static readonly DayRules Unconverted = Recorded.Rules with { SettleMin = Size.Shares(1_000) };

    /// <summary>Matched at 1.05, told at 1.08; 50 NO of the first pay, those of the second do not.</summary>
    [Fact]
    public void Fills_that_are_on_their_way_when_a_question_ends_are_paid()
    {
        var result = Ended(at: 1.06).Play(Unconverted).Result;
        Assert.Equal(2, result.Orders.Matched);
        Assert.Equal((Usd.Dollars(1_005), Usd.Zero, Usd.Dollars(5)), (result.Money.Cash, result.Money.HeldCost, result.Money.Realized));
        Assert.Equal(result.Money.Cash, result.Money.Equity);
    }

    [Fact]
    public void Trades_that_fail_after_the_end_of_their_question_leave_the_capital()
    {
        var rules = Unconverted with { Venue = Unconverted.Venue with { FailuresPerMillion = 1_000_000 } };
        var result = Ended(at: 2).Play(rules).Result;

        Assert.Equal(2, result.Orders.FailedTrades);
        Assert.Equal((Usd.Dollars(1_000), Usd.Zero, Usd.Zero), (result.Money.Cash, result.Money.HeldCost, result.Money.Realized));
        Assert.Equal(Usd.Dollars(1_005), result.Equity.Max(point => point.Equity)); // As long as it looked paid.
    }

    private static Recorded Ended(double at)
    {
        var recorded = new Recorded().Begin().Edge(1);
        foreach (var (condition, index) in recorded.Market.Conditions.Select((condition, index) => (condition, index)))
            recorded.Frame(at, BookUpdate.Resolved(condition.Id, index == 0 ? condition.No : condition.Yes));
        return recorded.Note(PolyArb.Domain.Ports.InputKind.Command, 60, "{}"); // For time to pass.
    }
}
