using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class SettlementTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
    private readonly Venue _venue;

    public SettlementTests() => _venue = new Venue(new FeeSchedule(500, 1), _clock);

    [Fact]
    public void The_next_trade_can_be_made_to_retry_and_the_one_after_settles_as_ever()
    {
        _venue.Exchange.Fates.Next(TradeFate.Retries);
        var heard = Heard.User(_venue.Exchange, "bob");
        var first = Trade();
        Pass(3_000);
        var frames = heard.SoFar();
        var second = Trade();
        Pass(3_000);

        var told = frames.Where(f => f.Text("type") == "TRADE").ToArray();
        Assert.Equal(["MATCHED", "RETRYING", "MINED", "CONFIRMED"], told.Select(f => f.Text("status")));
        Assert.All(told, f => Assert.Equal(first.Id, f.Text("id")));
        Assert.Equal(
            [null, null, first.Transaction, first.Transaction], told.Select(f => f.GetProperty("transaction_hash").GetString()));
        Assert.Equal(
            ["MATCHED", "MINED", "CONFIRMED"],
            heard.SoFar().Where(f => f.Text("type") == "TRADE").Select(f => f.Text("status")));
        Assert.Equal("CONFIRMED", second.Status);
    }

    [Fact]
    public void A_failed_trade_gives_everything_back_to_the_last_micro_and_stays_in_the_orders()
    {
        _venue.Exchange.Fates.Next(TradeFate.Fails);
        _venue.Limit("alice", Venue.Yes, Side.Sell, 3_300, 7); // Complementary, and then a mint.
        _venue.Limit("carol", Venue.No, Side.Buy, 6_600, 7);
        var before = State();

        var order = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 3_500, 14)).Order;
        Assert.NotEqual(before, State());
        Pass(3_000);

        Assert.Equal(before, State());
        Assert.Equal("FAILED", _venue.Account("bob").Trades[0].Status);
        Assert.Equal((14_000_000L, OrderStatus.Matched), (order.Matched, order.Status));
        Assert.Null(_venue.Book.BestAsk);
        Assert.Equal(0, _venue.Account("bob").Arriving(order.TokenId));
    }

    [Fact]
    public void A_failed_trade_whose_tokens_were_sold_on_leaves_a_debt_and_takes_uncovered_orders_off_the_book()
    {
        var bob = _venue.Account("bob");
        _venue.Exchange.Fates.Next(TradeFate.Fails);
        Trade(); // Bob gets ten more, not mined.
        _venue.Limit("carol", Venue.Yes, Side.Buy, 4_000, 9_995);
        _venue.Limit("bob", Venue.Yes, Side.Sell, 4_000, 9_995);
        var resting = Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Sell, 9_000, 12)).Order;
        Pass(3_000);

        Assert.Equal(5 * Units.MicrosOne, bob.TokenBalance(resting.TokenId));
        Assert.Equal(OrderStatus.Invalid, resting.Status);

        _venue.Exchange.Fates.Next(TradeFate.Fails);
        Trade();
        _venue.Limit("carol", Venue.Yes, Side.Buy, 4_000, 15);
        _venue.Limit("bob", Venue.Yes, Side.Sell, 4_000, 15);
        Pass(3_000);

        Assert.Equal(-10 * Units.MicrosOne, bob.TokenBalance(resting.TokenId));
        Assert.IsType<PlaceResult.Refused>(_venue.Limit("bob", Venue.Yes, Side.Sell, 9_000, 5));
        _venue.Exchange.Ledger.AssertConserved();
    }

    [Fact]
    public void Fates_drawn_from_a_seed_are_the_same_every_time()
    {
        static IEnumerable<TradeFate> Drawn()
        {
            var fates = new TradeFates(new SeededRandom(7)) { RetriesPerThousand = 300, FailsPerThousand = 300 };
            return [.. Enumerable.Range(0, 200).Select(_ => fates.Draw())];
        }

        Assert.Equal(Drawn(), Drawn());
        Assert.Equal(3, Drawn().Distinct().Count());
    }

    [Fact]
    public void The_events_of_a_match_come_in_a_fixed_order_unless_they_are_shuffled()
    {
        HashSet<string> orders = [];
        var heard = Heard.User(_venue.Exchange, "bob");
        for (var i = 0; i < 30; i++)
        {
            if (i == 1) _venue.Exchange.Users.Shuffle = new SeededRandom(1);
            Trade();
            var seen = string.Join(' ', heard.SoFar().Select(f => f.Text("type")));
            orders.Add(seen);
            if (i == 0) Assert.Equal("PLACEMENT TRADE UPDATE", seen);
        }

        Assert.Equal(6, orders.Count);
    }

    [Fact]
    public async Task The_same_seed_and_commands_on_a_virtual_clock_give_the_same_bytes()
    {
        async Task<string> RunAsync()
        {
            var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
            var venue = new Venue(new FeeSchedule(500, 1), clock);
            venue.Exchange.Fates.FailsPerThousand = venue.Exchange.Fates.RetriesPerThousand = 300;
            venue.Exchange.Users.Shuffle = new SeededRandom(5);
            var user = Heard.User(venue.Exchange, "bob");
            var market = Heard.Market(venue.Exchange, venue.Market);
            for (var i = 0; i < 20; i++)
            {
                venue.Limit("alice", i % 2, Side.Sell, 5_000 + i * 100, 10);
                venue.Limit("bob", i % 2, Side.Buy, 5_000 + i * 100, 7);
                clock.Advance(TimeSpan.FromMilliseconds(130));
                venue.Exchange.Agenda.RunDue();
            }

            return string.Join('\n', user.SoFar().Concat(market.SoFar()).Select(f => f.GetRawText()));
        }

        var first = await RunAsync();
        Assert.Contains("FAILED", first, StringComparison.Ordinal);
        Assert.Equal(first, await RunAsync());
    }

    private TradeRecord Trade()
    {
        _venue.Limit("alice", Venue.Yes, Side.Sell, 5_000, 10);
        return Assert.IsType<PlaceResult.Accepted>(_venue.Limit("bob", Venue.Yes, Side.Buy, 5_000, 10)).Trade!;
    }

    private string State() => string.Join(
        ';', _venue.Exchange.Ledger.Accounts.Select(a => $"{a.Address} {a.Cash} {string.Join(',', _venue.Condition.Tokens.Select(a.TokenBalance))}"))
        + _venue.Exchange.Ledger.Vault.Locked;

    private void Pass(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i += 50)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(50));
            _venue.Exchange.Agenda.RunDue();
        }
    }
}
