using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Profit over time by facts: the same before and after a restart.</summary>
public class EquityTrailTests
{
    private readonly EquityTrail _trail = new();

    /// <summary>A sample a minute: 0, 1, 2 dollars and so on.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(59, 59)]
    [InlineData(60, 60)]
    [InlineData(61, 60)]
    [InlineData(90, 60)]
    public void A_window_begins_with_the_last_sample_before_it_or_with_the_first(int minutes, long made)
    {
        for (var minute = 0; minute <= minutes; minute++) Sample(minute, minute);
        Assert.Equal(Usd.Dollars(made), _trail.Over(TimeSpan.FromHours(1), Usd.Dollars(minutes), Given.After(minutes * 60)));
    }

    [Fact]
    public void Nothing_is_known_before_the_first_sample() => Assert.Null(_trail.Over(TimeSpan.FromHours(1), Usd.Zero, Given.Noon));

    [Fact]
    public void Of_two_days_one_is_kept_and_the_highest_of_both()
    {
        for (var minute = 0; minute <= 2_880; minute++) Sample(minute, minute == 7 ? 100 : 0);
        Assert.InRange(_trail.ToHistory().Points.Length, 1_440, 1_442);
        Assert.Equal(Usd.Dollars(100), _trail.Peak);
        Assert.Equal(Usd.Dollars(-3), _trail.Over(TimeSpan.FromDays(1), Usd.Dollars(-3), Given.After(2_880 * 60)));
    }

    [Theory]
    [InlineData(true, TradingState.Paused, TradingState.Running)]
    [InlineData(true, TradingState.Paused, TradingState.Paused, TradingState.Running)]
    [InlineData(false, TradingState.Safe, TradingState.Paused, TradingState.Running)]
    [InlineData(false, TradingState.Flattening, TradingState.Paused, TradingState.Running)]
    [InlineData(true, TradingState.Safe, TradingState.Paused)]
    public void A_resume_after_a_stop_forgets_and_a_pause_does_not(bool isKept, params TradingState[] moves)
    {
        Sample(0, 100);
        foreach (var to in moves) _trail.Apply(new Fact.StateChanged(Given.Noon, TradingState.Running, to, 7, "test", "why"));
        Assert.Equal((isKept, isKept ? 0L : 7L), (_trail.Peak is not null, _trail.Baseline));
    }

    /// <summary>The opening balance, a deposit and shares that somebody sent are no profit.</summary>
    [Fact]
    public void What_came_from_outside_is_no_profit()
    {
        _trail.Apply(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(1_000), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.Yes(), Size.Shares(5))));
        _trail.Apply(new Fact.ExternalCredited(Given.Noon, Usd.Dollars(50), ImmutableDictionary<TokenId, Size>.Empty.Add(Given.No(), Size.Shares(10)), "a gift"));
        var state = new RiskState(1);
        state.Take(new MarketMark(Given.Event, Given.Noon, null, false, [new TokenMark(Given.No(), Price.Cents(40))], 0, 0));
        state.Accept(Given.Announcement(Usd.Dollars(1_051)) with
        {
            Positions = [new Position(Given.No(), Given.Event, Given.Condition().Id, Size.Shares(15), Usd.Dollars(2), Outcome.No)],
            History = _trail.ToHistory(),
        });
        Assert.Equal((Usd.Dollars(1_057), Usd.Dollars(3)), (state.Equity, state.Profit)); // One of cash, two for the five shares that are ours.

        var sample = state.Sample(Given.Noon)!;
        _trail.Apply(new Fact.EquitySampled(sample.At, sample.Equity, sample.Profit));
        Assert.Equal((Usd.Dollars(1_054), 0), (_trail.Outside, _trail.Credited.Count));
    }

    /// <summary>Ten of fifteen shares, or all of them, are not there, says the venue, and a person believes it: no loss of ours.</summary>
    [Theory]
    [InlineData(5)]
    [InlineData(0)]
    public void What_went_by_another_hand_is_no_loss(long kept)
    {
        var none = ImmutableDictionary<TokenId, Size>.Empty;
        _trail.Apply(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(1_000), none));
        _trail.Apply(new Fact.LedgerAccepted(Given.Noon, Usd.Dollars(-70), none, none.Add(Given.No(), Size.Shares(15 - kept)), "test", "they are right"));
        var state = new RiskState(1);
        state.Take(new MarketMark(Given.Event, Given.Noon, null, false, [new TokenMark(Given.No(), Price.Cents(40))], 0, 0));
        state.Accept(Given.Announcement(Usd.Dollars(924)) with
        {
            Positions = kept == 0 ? [] : [new Position(Given.No(), Given.Event, Given.Condition().Id, Size.Shares(kept), Usd.Dollars(2), Outcome.No)],
            History = _trail.ToHistory(),
        });
        Assert.Equal(Usd.Zero, state.Profit); // Six dollars went into shares that were worth six.
    }

    [Fact]
    public void A_sample_is_due_once_a_minute_and_only_when_something_changed()
    {
        var state = new RiskState(1);
        Assert.Null(state.Sample(Given.Noon)); // Nobody announced anything yet.
        state.Accept(Given.Announcement(Usd.Dollars(10)));
        Assert.NotNull(state.Sample(Given.Noon));
        Assert.Null(state.Sample(Given.After(61)));
        state.Accept(Given.Announcement(Usd.Dollars(11)));
        Assert.NotNull(state.Sample(Given.After(62)));
        state.Accept(Given.Announcement(Usd.Dollars(12)));
        Assert.Null(state.Sample(Given.After(121)));
        Assert.NotNull(state.Sample(Given.After(122)));
    }

    /// <summary>The journal has a point a minute; what happened in between is not forgotten when a gateway says it again.</summary>
    [Fact]
    public void A_repeated_announcement_of_one_baseline_keeps_the_highest_equity()
    {
        Sample(0, 5);
        var ours = new EquityTrail();
        ours.Accept(_trail.ToHistory());
        ours.Reach(Usd.Dollars(9));
        ours.Accept(_trail.ToHistory());
        Assert.Equal(Usd.Dollars(9), ours.Peak);

        _trail.Apply(new Fact.StateChanged(Given.Noon, TradingState.Running, TradingState.Safe, 2, "test", "why"));
        _trail.Apply(new Fact.StateChanged(Given.Noon, TradingState.Paused, TradingState.Running, 2, "test", "why"));
        Sample(1, 3);
        ours.Accept(_trail.ToHistory());
        Assert.Equal(Usd.Dollars(3), ours.Peak);
    }

    private void Sample(int minute, long dollars) =>
        _trail.Apply(new Fact.EquitySampled(Given.After(minute * 60), Usd.Dollars(dollars), Usd.Dollars(dollars)));
}
