using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using Xunit;

namespace PolyArb.Tests.Simulator.Faults;

public sealed class EngineFaultTests
{
    private readonly BadDay _day = new();

    private Venue Venue => _day.Venue;

    [Theory]
    [InlineData(FaultKind.TradeRetrying, "MATCHED RETRYING MINED CONFIRMED")]
    [InlineData(FaultKind.TradeFailed, "MATCHED RETRYING FAILED")]
    public async Task The_next_trade_of_an_outsider_settles_badly_and_the_one_after_well(object kind, string statuses)
    {
        _day.Goes((FaultKind)kind);
        var heard = Heard.User(_day.Exchange, "bob");
        Trade();
        _day.Pass(3_000);
        Assert.Equal(statuses, await TradesAsync(heard));
        Trade();
        _day.Pass(3_000);
        Assert.Equal("MATCHED MINED CONFIRMED", await TradesAsync(heard));
        _day.Says((FaultKind)kind, "struck");
    }

    [Fact]
    public void A_spending_order_gets_more_shares_than_it_asked_for_and_money_and_book_stay_true()
    {
        Venue.Limit("alice", Venue.No, Side.Sell, 5_000, 100);
        Venue.Limit("alice", Venue.No, Side.Buy, 4_000, 100);
        _day.Goes(FaultKind.FakOverfill);
        var before = Venue.Account("bob").Cash;

        var trade = Assert.IsType<PlaceResult.Accepted>(Venue.Spend("bob", Venue.No, OrderType.Fak, 10_000_000, 20_000_000)).Trade!;

        Assert.Equal((20_408_163L, 9_999_999L), (trade.Shares, trade.Cash));
        Assert.Equal(before - trade.Cash - trade.Fee, Venue.Account("bob").Cash);
        Assert.Equal((4_000, 5_000), Venue.Market.Top(Venue.No)); // The offer is gone again.
        _day.Exchange.Ledger.AssertConserved();
        _day.Says(FaultKind.FakOverfill, "20.408163 shares instead of 20");
        Assert.Equal(20_000_000, Assert.IsType<PlaceResult.Accepted>(Venue.Spend("bob", Venue.No, OrderType.Fak, 10_000_000, 20_000_000)).Trade!.Shares);
    }

    [Fact]
    public void An_overfill_waits_for_an_order_that_can_have_one()
    {
        Venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 100);
        Venue.Limit("alice", Venue.Yes, Side.Buy, 4_900, 100);
        _day.Goes(FaultKind.FakOverfill);
        Venue.Spend("bob", Venue.Yes, OrderType.Fak, 10_000_000, 20_000_000); // No room between bid and ask.
        Venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10); // It counts shares.
        Venue.Limit("bob", Venue.Yes, Side.Sell, 4_900, 10, OrderType.Fak);
        Assert.Empty(_day.Log);
        Assert.True(_day.Exchange.Faults.IsArmed(FaultKind.FakOverfill, Venue.Condition));
    }

    [Fact]
    public void The_tick_goes_one_step_finer_and_comes_back()
    {
        var heard = FrameLog.OfMarkets(_day.Exchange);
        _day.Goes(FaultKind.TickChange);
        Assert.Equal(50, Venue.Market.Tick);
        Assert.Equal(2, heard.Frames.Count(f => f.Contains("tick_size_change", StringComparison.Ordinal)));
        _day.Goes(FaultKind.TickChange);
        Assert.Equal(100, Venue.Market.Tick);
        _day.Says(FaultKind.TickChange, "from 0.01 to 0.005");
        _day.Says(FaultKind.TickChange, "from 0.005 to 0.01");
    }

    [Fact]
    public void The_finest_tick_goes_coarser()
    {
        var day = new BadDay([Venue.Condition with { Tick = 1 }]);
        day.Goes(FaultKind.TickChange);
        Assert.Equal(10, day.Venue.Market.Tick);
    }

    [Fact]
    public void Orders_with_an_expiration_leave_at_once_and_the_others_stay()
    {
        var heard = Heard.User(_day.Exchange, "alice");
        var expiration = _day.Exchange.Agenda.Now / 1000 + 3_600;
        Venue.Limit("alice", Venue.Yes, Side.Buy, 4_000, 10, OrderType.Gtd, expiration: expiration);
        Venue.Limit("alice", Venue.Yes, Side.Buy, 3_900, 10);
        _day.Goes(FaultKind.GtdEarly);
        Assert.Equal(3_900, Venue.Book.BestBid);
        var canceled = Assert.Single(heard.SoFar(), f => f.Text("type") == "CANCELLATION");
        Assert.Equal(("GTD", "CANCELED"), (canceled.Text("order_type"), canceled.Text("status")));
        _day.Says(FaultKind.GtdEarly, "1 GTD orders left");
    }

    [Fact]
    public void User_events_come_late_and_in_their_order_even_past_the_end_of_the_window()
    {
        _day.Goes(FaultKind.LateUserEvents, durationMs: 1_000);
        var heard = Heard.User(_day.Exchange, "bob");
        _day.Pass(999);
        Venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 10);
        _day.Pass(2);
        Venue.Limit("bob", Venue.Yes, Side.Buy, 3_900, 10); // The window is over, but the first is still on its way.
        _day.Pass(497);
        Assert.Empty(heard.SoFar());
        _day.Pass(1);
        Assert.Equal(["0.4", "0.39"], heard.SoFar().Select(f => f.Text("price")));

        Venue.Limit("bob", Venue.Yes, Side.Buy, 3_800, 10);
        Assert.Single(heard.SoFar());
        _day.Says(FaultKind.LateUserEvents, "is over, 1 times felt");
    }

    [Fact]
    public void Bought_tokens_cannot_be_sold_before_they_are_mined()
    {
        _day.Exchange.Ledger.Split(Venue.Account("dave"), Venue.Condition, 5_000_000);
        Venue.Limit("alice", Venue.Yes, Side.Sell, 4_000, 10);
        Venue.Limit("dave", Venue.Yes, Side.Buy, 4_000, 10);
        _day.Goes(FaultKind.SellBeforeMined, durationMs: 3_000);

        Assert.IsType<PlaceResult.Accepted>(Venue.Limit("dave", Venue.Yes, Side.Sell, 5_000, 5)); // He had those before.
        var refused = Assert.IsType<PlaceResult.Refused>(Venue.Limit("dave", Venue.Yes, Side.Sell, 5_000, 10));
        Assert.StartsWith("not enough balance / allowance: the balance is not enough -> balance: 5000000,", refused.Text, StringComparison.Ordinal);
        _day.Pass(2_000);
        Assert.IsType<PlaceResult.Accepted>(Venue.Limit("dave", Venue.Yes, Side.Sell, 5_000, 10));
        _day.Pass(1_000);
        _day.Says(FaultKind.SellBeforeMined, "is over, 2 times felt");
    }

    [Theory]
    [InlineData(FaultKind.Restart425, 425, "Restarting for 400 ms")]
    [InlineData(FaultKind.PostOnlyWindow, 503, "PostOnly for 400 ms")]
    public void The_engine_is_restricted_for_its_time(object kind, int status, string line)
    {
        _day.Goes((FaultKind)kind, durationMs: 400);
        Assert.Equal(status, Assert.IsType<PlaceResult.Refused>(Venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 10)).Status);
        _day.Pass(400);
        if ((FaultKind)kind is FaultKind.Restart425)
        {
            Assert.Equal(Mode.PostOnly, _day.Exchange.Mode.Now);
            _day.Pass(120_000);
        }

        Assert.Equal(Mode.Normal, _day.Exchange.Mode.Now);
        _day.Says((FaultKind)kind, line);
    }

    private void Trade()
    {
        Venue.Limit("alice", Venue.Yes, Side.Sell, 4_000, 10);
        Venue.Limit("bob", Venue.Yes, Side.Buy, 4_000, 10);
    }

    private static async Task<string> TradesAsync(Heard heard) =>
        string.Join(' ', heard.SoFar().Where(f => f.Text("type") == "TRADE").Select(f => f.Text("status")));
}
