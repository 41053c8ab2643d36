using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Orders that were recorded get what they got; the book shows asks of 100 at 42 whatever they took.</summary>
public class RecordedFillsTests
{
    private static readonly LegOrder Fak = Tape.Order(OrderType.Fak, Side.Buy, Price.Cents(42), Size.Shares(50));
    private static readonly LegOrder Gtc = Tape.Order(OrderType.Gtc, Side.Buy, Price.Cents(41), Size.Shares(50));

    [Fact]
    public void An_order_on_recorded_terms_fills_as_recorded_and_takes_nothing_from_the_book()
    {
        var tape = Opened(new RecordedOrder(Fak, Made(0), [Fill(1, 0.1, 47)]));
        Assert.Equal((Size.Shares(47), true), Matched(tape.Arrive(Fak)));
        Assert.Equal((Usd.Cents(47 * 40), Usd.Cents(3)), (tape.Venue.Trades[0].Amount, tape.Venue.Trades[0].Fee));

        Assert.Equal((Size.Shares(50), true), Matched(tape.Arrive(Fak))); // Recorded once, so the model decides; the book has all of its 100.
        Assert.Equal((Size.Shares(50), true), Matched(tape.Arrive(Fak)));
        Assert.Equal(RejectCode.FakNotFilled, Assert.IsType<OrderEvent.Rejected>(tape.Arrive(Fak)).Code);
    }

    [Fact]
    public void A_recorded_kill_kills_although_the_book_has_it() =>
        Assert.Equal(RejectCode.FakNotFilled, Assert.IsType<OrderEvent.Rejected>(Opened(new RecordedOrder(Fak, Made(0), [])).Arrive(Fak)).Code);

    [Fact]
    public void A_resting_order_fills_when_it_was_filled_whatever_trades_meanwhile()
    {
        var tape = Opened(new RecordedOrder(Gtc, Made(0), [Fill(1, 2, 20), Fill(2, 4, 30)]));
        var order = Assert.IsType<OrderEvent.Placed>(tape.Arrive(Gtc)).Order;
        tape.Trade(Side.Sell, 30, 500);
        Assert.Empty(tape.Venue.Trades);

        tape.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Size.Shares(20), tape.FilledOf(order));
        tape.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Size.Shares(50), tape.FilledOf(order));
        Assert.Empty(tape.Venue.Resting);
    }

    [Fact]
    public void What_is_canceled_earlier_this_time_fills_no_more()
    {
        var tape = Opened(new RecordedOrder(Gtc, Made(0), [Fill(1, 2, 20), Fill(2, 4, 30)]));
        var order = Assert.IsType<OrderEvent.Placed>(tape.Arrive(Gtc)).Order;
        tape.Advance(TimeSpan.FromSeconds(3));
        Assert.True(tape.Venue.Cancel(order, tape.Now));
        tape.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Size.Shares(20), tape.FilledOf(order));
    }

    [Fact]
    public void A_trade_that_failed_then_fails_again()
    {
        var tape = Opened(new RecordedOrder(Fak, Made(0), [Fill(1, 0.1, 47) with { Status = TradeStatus.Failed }]));
        tape.Arrive(Fak);
        tape.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TradeStatus.Failed, Assert.Single(tape.Venue.Trades).Status);
        Assert.Equal(Usd.Dollars(1_000_000), tape.Venue.Account.Cash);
    }

    [Fact]
    public void An_order_that_the_account_cannot_pay_leaves_the_recorded_one_to_its_next_attempt()
    {
        var recorded = new RecordedFills([new RecordedOrder(Fak, Made(0), [Fill(1, 0.1, 47)])], within: TimeSpan.FromSeconds(5));
        var tape = new Tape(cash: Usd.Dollars(1), recorded: recorded);
        tape.Snapshot(bids: [(40, 100)], asks: [(42, 100)]);
        Assert.Equal((RejectCode.NotEnoughBalance, 0), (Assert.IsType<OrderEvent.Rejected>(tape.Arrive(Fak)).Code, recorded.Taken));

        tape.Venue.Account.Restore(Usd.Dollars(1_000), []);
        Assert.Equal((Size.Shares(47), true), Matched(tape.Arrive(Fak)));
        Assert.Equal(1, recorded.Taken);
    }

    [Fact]
    public void A_recorded_kill_counts_as_what_the_order_got()
    {
        var recorded = new RecordedFills([new RecordedOrder(Fak, Made(0), [])], within: TimeSpan.FromSeconds(5));
        var tape = new Tape(recorded: recorded);
        tape.Snapshot(bids: [(40, 100)], asks: [(42, 100)]);
        Assert.IsType<OrderEvent.Rejected>(tape.Arrive(Fak));
        Assert.Equal(1, recorded.Taken);
        Assert.Equal((Size.Shares(50), true), Matched(tape.Arrive(Fak)));
    }

    [Theory]
    [InlineData(-6, false)]
    [InlineData(-4, true)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    public void An_order_of_another_time_is_another_order(int seconds, bool isTheSame) => Assert.Equal(
        (Size.Shares(isTheSame ? 47 : 50), true), Matched(Opened(new RecordedOrder(Fak, Made(seconds), [Fill(1, seconds, 47)])).Arrive(Fak)));

    [Fact]
    public void An_order_on_other_terms_is_another_order() => Assert.Equal(
        (Size.Shares(60), true),
        Matched(Opened(new RecordedOrder(Fak, Made(0), [Fill(1, 0, 47)])).Arrive(Tape.Order(OrderType.Fak, Side.Buy, Price.Cents(42), Size.Shares(60)))));

    private static Tape Opened(params RecordedOrder[] orders)
    {
        var tape = new Tape(recorded: new RecordedFills(orders, within: TimeSpan.FromSeconds(5)));
        tape.Snapshot(bids: [(40, 100)], asks: [(42, 100)]);
        return tape;
    }

    /// <summary>So long after the order that is sent now was made.</summary>
    private static Instant Made(double seconds) => Instant.FromMillis(Given.Placed("").Intent.TimestampMs) + TimeSpan.FromSeconds(seconds);

    private static Fill Fill(int number, double after, int shares) => new(
        new TradeId($"t{number}"), new OrderId("then"), TradeStatus.Confirmed, Size.Shares(shares), Usd.Cents(shares * 40), Usd.Cents(3), Price.Cents(40), Made(after));

    private static (Size Shares, bool IsFinal) Matched(OrderEvent answer)
    {
        var matched = Assert.IsType<OrderEvent.Matched>(answer);
        return (matched.Shares, matched.IsFinal);
    }
}
