using PolyArb.Domain;
using PolyArb.Domain.Books;
using Xunit;

namespace PolyArb.Tests.Domain;

public class BookTests
{
    [Fact]
    public void Agrees_with_a_naive_dictionary_whatever_is_applied()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var book = new Book();
            var oracle = new Dictionary<(bool IsBid, int Ticks), long>(); // YES terms.
            for (var step = 0; step < 500; step++)
            {
                var (outcome, side) = ((Outcome)random.Next(2), (Side)random.Next(2));
                var level = new Level(Price.Cents(random.Next(1, 100)), new Size(random.Next(4) * 1_000_001L));
                book.Set(outcome, side, level);
                if (random.Next(3) == 0) book.Set(outcome, side, level); // Sizes are totals: again changes nothing.

                var price = outcome is Outcome.Yes ? level.Price.Ticks : 10_000 - level.Price.Ticks;
                var isBid = outcome is Outcome.Yes ? side is Side.Buy : side is Side.Sell;
                if (level.Size == Size.Zero) oracle.Remove((isBid, price));
                else oracle[(isBid, price)] = level.Size.Micros;

                Assert.True(
                    Expected(oracle, isBids: true).SequenceEqual(List(book.Yes.Bids)) && Expected(oracle, isBids: false).SequenceEqual(List(book.Yes.Asks)),
                    $"seed {seed} step {step}");
                Assert.True(List(book.Of(Outcome.No).Asks).SequenceEqual(List(book.Yes.Bids).Select(Mirror)), $"seed {seed} step {step}");
                Assert.True(List(book.Of(Outcome.No).Bids).SequenceEqual(List(book.Yes.Asks).Select(Mirror)), $"seed {seed} step {step}");
            }
        }
    }

    [Fact]
    public void The_best_level_is_last_on_every_side_of_both_tokens()
    {
        var book = Filled();
        Assert.Equal(Price.Cents(40), book.Yes.Bids.Best!.Value.Price);
        Assert.Equal(Price.Cents(45), book.Yes.Asks.Best!.Value.Price);
        Assert.Equal(Price.Cents(55), book.Of(Outcome.No).Bids.Best!.Value.Price);
        Assert.Equal(Price.Cents(60), book.Of(Outcome.No).Asks.Best!.Value.Price);
        Assert.Equal(Price.Cents(70), book.Of(Outcome.No).Asks.FromTop(1).Price);
        Assert.Equal(Price.Cents(46), book.Yes.Asks[0].Price);
    }

    [Fact]
    public void A_snapshot_of_no_is_the_same_book()
    {
        var book = new Book();
        book.Fill(Outcome.No, Given.Levels((55, 2), (54, 3)), Given.Levels((60, 1), (70, 4)));
        Assert.Equal(List(Filled().Yes.Bids), List(book.Yes.Bids));
        Assert.Equal(List(Filled().Yes.Asks), List(book.Yes.Asks));
    }

    [Fact]
    public void A_snapshot_replaces_everything()
    {
        var book = Filled();
        book.Fill(Outcome.Yes, Given.Levels((10, 1)), []);
        Assert.Equal(1, book.LevelCount);
        Assert.Null(book.Yes.Asks.Best);
    }

    [Theory]
    [InlineData(44, false)]
    [InlineData(45, true)]
    [InlineData(46, true)]
    public void A_bid_at_or_above_the_ask_crosses(int bid, bool crossed)
    {
        var book = Filled();
        book.Set(Outcome.Yes, Side.Buy, Given.Level(bid, 1));
        Assert.Equal(crossed, book.IsCrossed);
    }

    private static Book Filled()
    {
        var book = new Book();
        book.Fill(Outcome.Yes, Given.Levels((40, 1), (30, 4)), Given.Levels((45, 2), (46, 3)));
        return book;
    }

    private static Level Mirror(Level level) => level with { Price = level.Price.Complement };

    private static IEnumerable<Level> Expected(Dictionary<(bool IsBid, int Ticks), long> oracle, bool isBids) => oracle
        .Where(entry => entry.Key.IsBid == isBids)
        .OrderBy(entry => isBids ? entry.Key.Ticks : -entry.Key.Ticks)
        .Select(entry => new Level(new Price(entry.Key.Ticks), new Size(entry.Value)));

    private static List<Level> List(BookSide side)
    {
        var levels = new List<Level>();
        for (var i = 0; i < side.Count; i++) levels.Add(side[i]);
        return levels;
    }
}
