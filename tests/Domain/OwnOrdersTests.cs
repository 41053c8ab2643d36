using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

public class OwnOrdersTests
{
    private readonly VenueBook _venue = new(Given.Condition());
    private readonly ConditionBook _book;

    public OwnOrdersTests()
    {
        _venue.Set(Outcome.Yes, Side.Buy, 48, 100);
        _venue.Set(Outcome.Yes, Side.Sell, 52, 30);
        _book = new ConditionBook(Given.Condition(), BookFormat.Of(Given.Condition()));
        _book.Apply(_venue.Snapshot(), Given.Noon);
    }

    [Fact]
    public void Without_an_order_of_ours_the_open_book_is_the_book() => Assert.Same(_book.Book, _book.Open);

    [Fact]
    public void Ours_is_taken_off_on_either_token_and_the_book_itself_stays_as_the_venue_proves_it()
    {
        _book.Tell([Ours("y", Outcome.Yes, 48, 20), Ours("n", Outcome.No, 48, 30)]); // A NO bid of 48 is a YES ask of 52.

        Assert.Equal((80, 0), (Bid(_book.Open), Ask(_book.Open)));
        Assert.Equal((100, 30), (Bid(_book.Book), Ask(_book.Book)));
        Assert.True(_book.Prove());
    }

    [Fact]
    public void More_than_there_is_takes_all_and_no_more()
    {
        _book.Tell([Ours("y", Outcome.Yes, 48, 170)]);
        Assert.Equal(0, Bid(_book.Open));
    }

    [Fact]
    public void What_ended_or_shrank_stays_off_until_the_book_has_spoken()
    {
        _book.Tell([Ours("a", Outcome.Yes, 48, 20), Ours("b", Outcome.Yes, 48, 30)]);
        _book.Tell([Ours("b", Outcome.Yes, 48, 5)]);
        Assert.Equal(50, Bid(_book.Open));

        _venue.Ms++;
        _book.Apply(_venue.Change(Outcome.Yes, Side.Buy, 48, 55), Given.Noon); // 20 canceled, 25 matched.
        Assert.Equal(50, Bid(_book.Open));

        _book.Tell([]);
        Assert.Equal(50, Bid(_book.Open));
        _venue.Ms++;
        _book.Apply(_venue.Snapshot(), Given.Noon);
        Assert.Same(_book.Book, _book.Open);
    }

    [Fact]
    public void What_grew_or_came_is_off_at_once()
    {
        _book.Tell([Ours("a", Outcome.Yes, 48, 20)]);
        _ = _book.Open;
        _book.Tell([Ours("a", Outcome.Yes, 48, 25), Ours("b", Outcome.Yes, 48, 5)]);
        Assert.Equal(70, Bid(_book.Open));
    }

    [Fact]
    public void A_new_level_shows_in_the_open_book_too()
    {
        _book.Tell([Ours("a", Outcome.Yes, 48, 20)]);
        _ = _book.Open;
        _venue.Ms++;
        _book.Apply(_venue.Change(Outcome.Yes, Side.Buy, 49, 7), Given.Noon);
        Assert.Equal(Given.Level(49, 7), _book.Open.Yes.Bids.Best);
    }

    [Theory]
    //          ours: a BUY | met by
    [InlineData(Outcome.Yes, 48, Outcome.No, Side.Buy, 52, true)] // They add up to a dollar.
    [InlineData(Outcome.Yes, 48, Outcome.No, Side.Buy, 51, false)]
    [InlineData(Outcome.No, 48, Outcome.Yes, Side.Buy, 52, true)]
    [InlineData(Outcome.No, 48, Outcome.Yes, Side.Buy, 51, false)]
    [InlineData(Outcome.Yes, 48, Outcome.Yes, Side.Sell, 48, true)]
    [InlineData(Outcome.Yes, 48, Outcome.Yes, Side.Sell, 49, false)]
    [InlineData(Outcome.No, 48, Outcome.No, Side.Sell, 48, true)]
    [InlineData(Outcome.No, 48, Outcome.No, Side.Sell, 49, false)]
    [InlineData(Outcome.Yes, 48, Outcome.Yes, Side.Buy, 60, false)] // Beside it.
    [InlineData(Outcome.Yes, 48, Outcome.No, Side.Sell, 10, false)]
    public void Knows_what_would_meet_an_order_of_ours(Outcome outcome, int cents, Outcome other, Side side, int limit, bool meets)
    {
        var resting = Given.Leg() with { Outcome = outcome, Limit = Price.Cents(cents) };
        var order = Given.Leg() with { Outcome = other, Side = side, Limit = Price.Cents(limit) };
        Assert.Equal(meets, OwnOrder.Meets(order, resting));
        Assert.False(OwnOrder.Meets(order with { Condition = Given.Condition(7).Id }, resting));
    }

    private static OwnOrder Ours(string id, Outcome outcome, int cents, long shares) =>
        new(new OrderId(id), outcome, Side.Buy, Price.Cents(cents), Size.Shares(shares));

    private static int Bid(Book book) => (int)(book.SizeAt(Outcome.Yes, Side.Buy, Price.Cents(48)).Micros / 1_000_000);

    private static int Ask(Book book) => (int)(book.SizeAt(Outcome.Yes, Side.Sell, Price.Cents(52)).Micros / 1_000_000);
}
