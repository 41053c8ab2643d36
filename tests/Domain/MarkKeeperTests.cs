using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>Ten NO are held in a book of 40 bid, 60 asked: they can be sold for 40 cents.</summary>
public class MarkKeeperTests
{
    private readonly VenueBook _venue = new(Given.Condition(0));
    private readonly MarketDesk _desk = new(new DeskInput.Opened(Given.Market(Given.Condition(0), Given.Condition(1)), Given.Policy));
    private readonly MarkKeeper _keeper;
    private long _sequence;

    public MarkKeeperTests()
    {
        _keeper = new MarkKeeper(_desk, Given.Policy with { AllYes = [Given.Event] });
        _venue.Set(Outcome.Yes, Side.Buy, 40, 100);
        _venue.Set(Outcome.Yes, Side.Sell, 60, 100);
        Feed(_venue.Snapshot());
    }

    [Fact]
    public void The_first_mark_says_how_the_market_is_made_and_what_is_held_follows()
    {
        var first = _keeper.Due(Given.Noon)!;
        Assert.Equal((Given.Event, 2, false, 0), (first.Market, first.Exhaustive, first.DelaysTakers, first.Tokens.Length));
        Assert.Null(_keeper.Due(Given.After(60)));

        Hold();
        Assert.Equal([new TokenMark(Given.No(), Price.Cents(40))], _keeper.Due(Given.After(60))!.Tokens);
        Assert.Null(_keeper.Due(Given.After(60)));
    }

    [Fact]
    public void A_token_is_told_on_change_and_four_times_a_second_at_most()
    {
        Hold();
        Assert.Single(_keeper.Due(Given.Noon)!.Tokens);
        Offer(59);
        Assert.Null(_keeper.Due(Given.After(0.2)));
        Assert.Equal([new TokenMark(Given.No(), Price.Cents(41))], _keeper.Due(Given.After(0.25))!.Tokens);
    }

    [Fact]
    public void Everything_is_told_again_every_five_seconds_for_a_portfolio_that_has_begun_anew()
    {
        Hold();
        Assert.Single(_keeper.Due(Given.Noon)!.Tokens);
        Assert.Null(_keeper.Due(Given.After(4.9)));
        Assert.Single(_keeper.Due(Given.After(5))!.Tokens);
    }

    /// <summary>The last bid stands; a book that nobody bids in is another thing.</summary>
    [Fact]
    public void A_book_that_is_not_proven_says_nothing_and_an_empty_one_says_that_nobody_bids()
    {
        Hold();
        _keeper.Due(Given.Noon);
        _venue.Ms++;
        _venue.Set(Outcome.Yes, Side.Buy, 12, 5); // Not told yet, so the hash of the next change does not fit.
        Feed(_venue.Change(Outcome.Yes, Side.Sell, 55, 50));
        Assert.Null(_keeper.Due(Given.After(1)));

        Feed(_venue.Said(Outcome.Yes, Side.Buy, 12, 5));
        Assert.Equal(Price.Cents(45), Assert.Single(_keeper.Due(Given.After(2))!.Tokens).Bid);

        foreach (var cents in (int[])[55, 60]) Offer(cents, shares: 0);
        Assert.Equal([new TokenMark(Given.No(), null)], _keeper.Due(Given.After(3))!.Tokens);
    }

    [Fact]
    public void What_is_decided_has_no_bid_and_waits_for_none()
    {
        Hold();
        Feed(PolyArb.Domain.Books.BookUpdate.Resolved(Given.Condition(0).Id, null));
        var mark = _keeper.Due(Given.Noon)!;
        Assert.Equal([new TokenMark(Given.No(), null, IsOver: true)], mark.Tokens);

        var marks = new Marks();
        Position[] held = [new(Given.No(), Given.Event, Given.Condition().Id, Size.Shares(10), Usd.Dollars(4), Outcome.No)];
        Assert.Equal(new Worth(Usd.Dollars(4), IsWhole: false), marks.Of(held));
        marks.Take(mark);
        Assert.Equal(new Worth(Usd.Dollars(4), IsWhole: true), marks.Of(held));
        marks.Take(mark with { Tokens = [new TokenMark(Given.No(), Price.Cents(90))] });
        marks.Take(mark);
        Assert.Equal(new Worth(Usd.Dollars(9), IsWhole: true), marks.Of(held)); // The last bid stands.
    }

    [Fact]
    public void All_yes_of_a_market_that_one_of_them_must_win_is_worth_its_dollar()
    {
        Position[] all = [.. new[] { 0, 1 }.Select(number => new Position(Given.Yes(number), Given.Event, Given.Condition(number).Id, Size.Shares(10), Usd.Dollars(1), Outcome.Yes))];
        var marks = new Marks();
        Assert.False(marks.Of(all).IsWhole);
        marks.Take(_keeper.Due(Given.Noon)!);
        Assert.Equal(new Worth(Usd.Dollars(10), IsWhole: true), marks.Of(all));
    }

    private void Hold() => _keeper.Hear(new DeskInput.News(1, [], [new Stock(Given.No(), Size.Shares(10), Usd.Dollars(4))]));

    private void Offer(int cents, long shares = 10)
    {
        _venue.Ms++;
        Feed(_venue.Change(Outcome.Yes, Side.Sell, cents, shares));
    }

    private void Feed(params PolyArb.Domain.Books.BookUpdate[] updates) => _desk.Turn([Given.Input(++_sequence, Given.Noon, updates)], Given.Noon);
}
