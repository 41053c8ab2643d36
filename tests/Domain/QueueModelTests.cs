using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Where our orders stand in their queues, worked out by hand.</summary>
public class QueueModelTests
{
    private static readonly QueueModel RiskAverse = new QueueModel.RiskAverse();

    /// <summary>In shares: 75 and 25 are 0.75 by the first power, 5625/6250 by the second, 421875/437500 by the third.</summary>
    [Theory]
    [InlineData("50", "50", 1, 500_000)]
    [InlineData("75", "25", 1, 750_000)]
    [InlineData("75", "25", 2, 900_000)]
    [InlineData("25", "75", 2, 100_000)]
    [InlineData("75", "25", 3, 964_285)]
    [InlineData("10", "20", 4, 58_823)] // 1/17.
    [InlineData("0", "100", 1, 0)]
    [InlineData("100", "0", 1, 1_000_000)]
    [InlineData("0", "0", 1, 0)]
    [InlineData("10000000", "10000000", 4, 500_000)]
    [InlineData("90000000000", "30000000000", 1, 750_000)]
    [InlineData("0.000001", "10000000", 4, 0)]
    public void A_cancel_is_the_likelier_before_us_the_more_stands_there(string ahead, string behind, int power, int perMillion) =>
        Assert.InRange(new QueueModel.Probabilistic(power).AheadPerMillion(Size.Parse(ahead), Size.Parse(behind)), perMillion - 1, perMillion);

    /// <summary>Six of ten stand before us: draws below 600,000 come from there.</summary>
    [Theory]
    [InlineData(60, 40, 10, 599_999, 50)]
    [InlineData(60, 40, 10, 600_000, 60)]
    [InlineData(60, 40, 45, 999_999, 55)] // Only 40 were behind us.
    [InlineData(60, 40, 75, 0, 0)] // Only 60 were before us.
    [InlineData(60, 40, 100, 999_999, 0)]
    [InlineData(60, 0, 10, 999_999, 50)]
    [InlineData(0, 40, 10, 0, 0)]
    public void A_cancel_comes_whole_from_one_side_as_far_as_there_is_room(long ahead, long behind, long cancelled, ulong drawn, long left) =>
        Assert.Equal(Size.Shares(left), new QueueModel.Probabilistic(1).After(Size.Shares(ahead), Size.Shares(behind), Size.Shares(cancelled), drawn));

    /// <summary>
    /// Our bid of 50 at 40 behind 100, then what the tape says: `show N` of that level, `trade N` at it, `through N` a cent lower, `cross N`
    /// an ask at it, `early N` a print of a match before we joined, `fade N` cancels of 10 each from there, `gap`, `wait S`. All cancels are
    /// certain: whoever is alone goes.
    /// </summary>
    [Theory]
    [InlineData("trade 100", 0, 0)]
    [InlineData("trade 101", 1, 1)]
    [InlineData("trade 70; trade 30; trade 20; trade 40", 50, 50)]
    [InlineData("show 30; wait 2; trade 40", 0, 10)] // 70 of those before us cancelled: 30 are left there.
    [InlineData("show 30; trade 70; trade 40", 10, 10)] // The print explains it, so it was no cancel.
    [InlineData("trade 70; show 30; wait 2; trade 40", 10, 10)] // Whichever comes first.
    [InlineData("show 20; trade 70; wait 2; trade 25", 0, 5)] // 70 of the 80 that went were traded.
    [InlineData("trade 70; wait 2; show 30; wait 2; trade 40", 10, 40)] // Too late to be the same: taken for a cancel.
    [InlineData("show 30; wait 1; trade 70; trade 40", 10, 50)] // And so here.
    [InlineData("show 0; wait 2; trade 20", 0, 20)]
    [InlineData("fade 90; trade 20", 0, 10)] // Nobody came behind us, so each of them stood before us.
    [InlineData("trade 20; show 80; wait 2; fade 70; trade 20", 0, 10)] // And so after a trade.
    [InlineData("through 20", 20, 20)] // Beyond our price nobody is left before us.
    [InlineData("trade 60; through 20; trade 10", 30, 30)]
    [InlineData("cross 30", 30, 30)]
    [InlineData("cross 30; cross 30", 30, 30)]
    [InlineData("cross 30; cross 45", 45, 45)]
    [InlineData("gap; show 30; wait 2; trade 40", 0, 0)] // What went in a gap moves nobody.
    [InlineData("show 30; gap; show 30; wait 2; trade 40", 0, 0)]
    [InlineData("early 500; trade 100", 0, 0)] // It had left the book that we joined.
    public void A_resting_order_fills_when_its_turn_comes(string tape, long riskAverse, long probabilistic)
    {
        Assert.Equal(Size.Shares(riskAverse), Filled(RiskAverse, tape));
        Assert.Equal(Size.Shares(probabilistic), Filled(new QueueModel.Probabilistic(1), tape));
    }

    [Fact]
    public void Cancels_of_a_level_are_split_by_the_share_that_stands_before_us_on_the_long_run()
    {
        var ahead = Enumerable.Range(0, 2_000).Select(seed =>
        {
            var tape = Opened(new QueueModel.Probabilistic(2), (ulong)seed);
            var order = tape.Rest(Side.Buy, 40, 50);
            Play(tape, "show 150; show 140; wait 2; show 140"); // 10 of 100 before and 50 behind us: 4 in 5 by the second power.
            return order.Ahead;
        }).ToArray();

        Assert.All(ahead, left => Assert.True(left == Size.Shares(100) || left == Size.Shares(90)));
        Assert.InRange(ahead.Count(left => left == Size.Shares(90)), 1_540, 1_660); // 1,600 within more than three deviations.
    }

    /// <summary>The younger one stands behind the older one's queue: it is never the first to be moved past it.</summary>
    [Fact]
    public void A_cancel_moves_all_of_our_orders_of_a_level_or_those_behind_it()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var tape = Opened(new QueueModel.Probabilistic(1), seed);
            var older = tape.Rest(Side.Buy, 40, 50);
            Play(tape, "show 150");
            var younger = tape.Rest(Side.Buy, 40, 50);
            Play(tape, "show 200; show 170; wait 2; show 170");

            Assert.True(older.Ahead <= younger.Ahead, $"seed {seed}: {older.Ahead} before the older, {younger.Ahead} before the younger");
            Assert.True(older.Ahead == Size.Shares(100) || younger.Ahead < Size.Shares(150), $"seed {seed}: the same shares left one queue and not the other");
        }
    }

    [Fact]
    public void What_went_before_an_order_joined_does_not_move_it()
    {
        var tape = Opened(new QueueModel.Probabilistic(1), seed: 1);
        var older = tape.Rest(Side.Buy, 40, 50);
        Play(tape, "show 60");
        var younger = tape.Rest(Side.Buy, 40, 50);
        Play(tape, "wait 2; show 60");

        Assert.Equal((Size.Shares(60), Size.Shares(60)), (older.Ahead, younger.Ahead));
    }

    private static Size Filled(QueueModel model, string script)
    {
        var tape = Opened(model, seed: 1);
        var order = tape.Rest(Side.Buy, 40, 50);
        Play(tape, script);
        return order.Matched;
    }

    private static Tape Opened(QueueModel model, ulong seed)
    {
        var tape = new Tape(Tape.Rules with { Queue = model }, seed);
        tape.Snapshot(bids: [(39, 500), (40, 100)], asks: [(45, 100)]);
        return tape;
    }

    private static void Play(Tape tape, string script)
    {
        foreach (var word in script.Split("; "))
        {
            var (what, number) = word.Split(' ') is [var first, var second] ? (first, long.Parse(second)) : (word, 0);
            switch (what)
            {
                case "show" when tape.Book.Book.LevelCount == 0:
                    tape.Snapshot(bids: [(39, 500), (40, number)], asks: [(45, 100)]);
                    break;
                case "show":
                    tape.Show(Side.Buy, 40, number);
                    break;
                case "fade":
                    for (var left = number; left > 0; left -= 10) Play(tape, $"show {left}; wait 2");
                    break;
                case "trade":
                    tape.Trade(Side.Sell, 40, number);
                    break;
                case "through":
                    tape.Trade(Side.Sell, 39, number);
                    break;
                case "cross":
                    tape.Show(Side.Buy, 40, 0);
                    tape.Show(Side.Sell, 40, number);
                    break;
                case "early":
                    tape.Trade(Side.Sell, Price.Cents(40), Size.Shares(number), venueMs: 1_001);
                    break;
                case "gap":
                    tape.Lose();
                    break;
                case "wait":
                    tape.Wait(TimeSpan.FromSeconds(number));
                    break;
                default:
                    Assert.Fail($"what is '{word}'?");
                    break;
            }
        }
    }
}
