using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Simulation;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class ConsumedLiquidityTests
{
    private static readonly BookPlace Ask = new(IsBid: false, Price.Cents(42));

    /// <summary>An ask of 100 at 42; numbers are what it shows then, `-N` is what we take, `!` a message about the whole book.</summary>
    [Theory]
    [InlineData("", 100)]
    [InlineData("-60", 40)]
    [InlineData("-60 100 100", 40)] // As much as before is nothing new.
    [InlineData("-60 !", 40)]
    [InlineData("-60 130", 70)] // 30 are new.
    [InlineData("-60 80", 20)] // Others took 20 of our 40.
    [InlineData("-60 60", 0)]
    [InlineData("-60 30", 0)] // Of what we took some is gone as well.
    [InlineData("-60 30 50", 20)] // What comes after that is new.
    [InlineData("-60 30 ! 50 !", 20)]
    [InlineData("-60 0 100", 100)] // All of it is somebody else's.
    [InlineData("-60 0 ! 100 -100 100", 0)]
    [InlineData("-60 -40 100", 0)]
    [InlineData("-100 70 100 -30 70 100", 30)] // Twice 30 were new, and the first are ours.
    [InlineData("-100 70 100 70 100", 30)] // The first went to others before we came.
    public void What_was_taken_stays_taken_until_the_level_shows_more(string tape, long left)
    {
        var (book, consumed) = (new Book(), new ConsumedLiquidity());
        Set(100);
        foreach (var word in tape.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "!")
            {
                consumed.Show(book);
            }
            else if (word[0] == '-')
            {
                consumed.Take(Ask, Size.Shares(long.Parse(word[1..])));
            }
            else
            {
                Set(long.Parse(word));
                consumed.Show(Ask, book);
            }
        }

        Assert.Equal(Size.Shares(left), book.SizeAt(Outcome.Yes, Side.Sell, Ask.Price) - consumed.At(Ask));

        void Set(long shares) => book.Set(Outcome.Yes, Side.Sell, Given.Level(42, shares));
    }

    [Fact]
    public void A_message_about_the_whole_book_reaches_every_level()
    {
        var (book, consumed) = (new Book(), new ConsumedLiquidity());
        foreach (var cents in (int[])[42, 43, 44, 45]) consumed.Take(new BookPlace(IsBid: false, Price.Cents(cents)), Size.Shares(50));
        consumed.Take(new BookPlace(IsBid: true, Price.Cents(40)), Size.Shares(50));
        book.Fill(Outcome.Yes, Given.Levels((40, 30)), Given.Levels((45, 20), (43, 70)));

        consumed.Show(book);

        Assert.Equal([0, 50, 0, 20], new[] { 42, 43, 44, 45 }.Select(cents => consumed.At(new BookPlace(IsBid: false, Price.Cents(cents))).Micros / 1_000_000));
        Assert.Equal(Size.Shares(30), consumed.At(new BookPlace(IsBid: true, Price.Cents(40))));
    }
}
