using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class PulseTests
{
    private const string Ours = "9b47e90f344140578e34a6a455e396c1f7a36aff";
    private const string Other = "1f0c0000000000000000000000000000000000aa";

    /// <summary>The venue's times are milliseconds after this.</summary>
    private const long Epoch = 1_782_753_357_000;

    /// <summary>30 s of silence, 2 s of grace.</summary>
    private static readonly VenueOptions Options = ScriptedVenue.Options;

    private static readonly Condition Condition = Given.Market().Conditions[0];

    private readonly Pulse _pulse = new(TimeSpan.Zero);

    public PulseTests() => _pulse.Hear(Condition, Book(1_000, Ours), At(0));

    /// <summary>The book we have is of 1000 ms.</summary>
    [Theory]
    [InlineData(1_000, Ours, "Quiet")]
    [InlineData(1_001, Other, "Newer")]
    [InlineData(1_000, Other, "Newer")] // Two changes in one millisecond.
    [InlineData(999, Other, "Older")]
    [InlineData(0, null, "Ended")]
    public void REST_says_one_of_four_things(long ms, string? hash, string expected) => Assert.Equal(expected, Judge(ms, hash, 15).ToString());

    [Fact]
    public void REST_is_asked_after_half_the_limit_of_silence()
    {
        Assert.Null(_pulse.DueFor(At(14), Options));
        Assert.Equal(Outcome.Yes, _pulse.DueFor(At(15), Options));
        _pulse.Hear(Condition, Change(2_000, Other), At(15));
        Assert.Null(_pulse.DueFor(At(29), Options));
        Assert.Equal(Outcome.Yes, _pulse.DueFor(At(30), Options));
    }

    [Fact]
    public void The_token_that_was_spoken_of_last_is_asked_for()
    {
        _pulse.Hear(Condition, Book(1_001, Other) with { Token = Condition.No }, At(1));
        Assert.Equal(Outcome.No, _pulse.DueFor(At(16), Options));
    }

    [Fact]
    public void Without_a_hash_there_is_nothing_to_compare()
    {
        var pulse = new Pulse(At(0));
        pulse.Hear(Condition, Book(1_000, Other) with { Hash = null }, At(0));
        Assert.Null(pulse.DueFor(At(99), Options));
    }

    [Fact]
    public void A_change_that_comes_within_the_grace_was_on_its_way()
    {
        Judge(1_500, Other, 15);
        Assert.False(_pulse.TryFreeze(At(16.9), Options));
        _pulse.Hear(Condition, Change(1_500, Other), At(16.9));
        Assert.False(_pulse.TryFreeze(At(17), Options));
        Assert.Equal(0, _pulse.Frozen);
    }

    [Fact]
    public void One_that_does_not_come_was_frozen_once_and_is_looked_at_again_after_half_the_limit()
    {
        Judge(1_500, Other, 15);
        Assert.Null(_pulse.DueFor(At(16), Options)); // Under suspicion, it is not asked for again.
        Assert.True(_pulse.TryFreeze(At(17), Options));
        Assert.False(_pulse.TryFreeze(At(18), Options));
        Assert.Null(_pulse.DueFor(At(31.9), Options));
        Assert.NotNull(_pulse.DueFor(At(32), Options));
    }

    [Fact]
    public void Found_frozen_again_and_again_it_is_looked_at_less_and_less_until_a_change_comes()
    {
        Judge(1_500, Other, 15);
        Assert.True(_pulse.TryFreeze(At(17), Options));
        Judge(1_500, Other, 32);
        Assert.True(_pulse.TryFreeze(At(34), Options));
        Assert.Null(_pulse.DueFor(At(63.9), Options)); // 34 and twice 15.
        Assert.NotNull(_pulse.DueFor(At(64), Options));

        _pulse.Hear(Condition, Change(1_600, Ours), At(35));
        Assert.NotNull(_pulse.DueFor(At(50), Options));
    }

    [Fact]
    public void A_book_is_no_sign_of_life_and_a_change_is()
    {
        Freeze();
        _pulse.Hear(Condition, Book(1_500, Other), At(18));
        Assert.Equal(1, _pulse.Frozen);
        _pulse.Hear(Condition, Change(1_600, Ours), At(19));
        Assert.Equal(0, _pulse.Frozen);
    }

    [Fact]
    public void What_REST_confirms_is_fresh_as_of_the_question()
    {
        _pulse.Judge(new Seen(Epoch + 1_000, BookHash.Parse(Ours)), Rest(1_000, Ours), askedAt: At(15), now: At(17), Options);
        Assert.Equal(At(15), _pulse.FreshAt);
        Assert.Null(_pulse.DueFor(At(31), Options));
    }

    [Fact]
    public void What_REST_cannot_say_is_asked_again_soon_and_what_it_denies_rarely()
    {
        Judge(999, Other, 15);
        Assert.NotNull(_pulse.DueFor(At(20), Options));
        Assert.Equal(At(0), _pulse.FreshAt);
        foreach (var at in (int[])[20, 25]) // It may have lost the book for a moment.
        {
            Judge(0, null, at);
            Assert.NotNull(_pulse.DueFor(At(at + 5), Options));
        }

        Judge(0, null, 30);
        Assert.Null(_pulse.DueFor(At(179), Options));
        Assert.NotNull(_pulse.DueFor(At(180), Options));
    }

    /// <summary>The published vector (protocol sheet 12.5), shown by a REST that dates its answer instead of the book.</summary>
    [Fact]
    public void The_same_book_under_another_date_is_the_same_book()
    {
        const string summary =
            """{"market":"0xaabbcc","asset_id":"100","timestamp":"TIME","hash":"1f0c0000000000000000000000000000000000aa","bids":[{"price":"0.3", "size":"100"},{"price":"0.4","size":"SIZE"}],"asks":[{"price":"0.6","size":"100"},{"price":"0.7","size":"100"}],"min_order_size":"100","tick_size":"0.01","neg_risk":false,"last_trade_price":"0.5"}""";
        var seen = new Seen(123456789, BookHash.Parse("0458ea5755c9f73d64a14636fa5c36ed460ec394"));

        Assert.True(Read("1790000000000", "100").IsSameAs(seen));
        Assert.False(Read("1790000000000", "101").IsSameAs(seen));

        RestBook Read(string time, string size) => RestBook.Read(JsonElements.Parse(System.Text.Encoding.UTF8.GetBytes(
            summary.Replace("TIME", time, StringComparison.Ordinal).Replace("SIZE", size, StringComparison.Ordinal))));
    }

    private void Freeze()
    {
        Judge(1_500, Other, 15);
        Assert.True(_pulse.TryFreeze(At(17), Options));
    }

    private Verdict Judge(long ms, string? hash, double at) =>
        _pulse.Judge(new Seen(Epoch + 1_000, BookHash.Parse(Ours)), hash is null ? null : Rest(ms, hash), At(at), At(at), Options);

    private static RestBook Rest(long ms, string hash) => RestBook.Read(JsonElements.Parse(System.Text.Encoding.UTF8.GetBytes(
        $$"""{"asset_id":"{{Condition.Yes}}","timestamp":"{{Epoch + ms}}","hash":"{{hash}}"}""")));

    private static BookUpdate Book(long ms, string hash) =>
        BookUpdate.Snapshot(Condition.Id, Condition.Yes, Epoch + ms, BookHash.Parse(hash), default, default, null, null);

    private static BookUpdate Change(long ms, string hash) => BookUpdate.Changes(
        Condition.Id, Epoch + ms, new[] { new LevelChange(Condition.Yes, Side.Buy, new Level(Price.Cents(1), Size.Shares(1)), BookHash.Parse(hash)) });

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
