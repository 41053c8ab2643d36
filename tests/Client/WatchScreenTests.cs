using PolyArb.Client.Watch;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.Domain;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Client;

public class WatchScreenTests
{
    private static readonly Status Status = GivenView.Status with
    {
        Reason = "a test whose reason is rather long, so that it does not fit into a window of the usual width, whatever is left out of it",
        UptimeSeconds = 61,
    };

    private static readonly Sight Empty = new(Given.Noon, Status, 0, [], [], [], [], [], []);

    private static readonly Sight Full = new(
        Given.Noon,
        Status,
        2,
        [new MarketBooks(Given.Event, "Who wins?", NegRisk: true, Given.Noon, [Ladder(0), Ladder(1)], null, null)],
        [.. Enumerable.Range(0, 40).Select(n => new OrderLine(
            Given.Noon, new OrderId($"o{n}"), new BasketId("b"), Given.Event, Given.Yes(), Side.Buy, OrderType.Fak, Price.Cents(40), Size.Shares(5), Size.Zero, "Live", ""))],
        [.. Enumerable.Range(0, 40).Select(n => new FactLine(n, Given.Noon, "ErrorNoted", null, null, DomainJson.Write<Fact>(new Fact.ErrorNoted(Given.Noon, "here", $"fact {n} {new string('x', 300)}"))))],
        [.. Enumerable.Range(0, 10).Select(n => new ErrorLine(Given.Noon, "here", $"error {n}\nin two lines"))],
        [new LatencyHistogram("recvToSend", 100, 2_000, 1, [])],
        [.. Enumerable.Range(0, 400).Select(n => Usd.Dollars(n))]);

    [Fact]
    public void What_is_shown_fits_every_window()
    {
        foreach (var sight in (Sight[])[Empty, Full])
        {
            foreach (var (width, height) in from width in (int[])[20, 33, 80, 109, 120, 250] from height in Enumerable.Range(8, 60) select (width, height))
            {
                var rows = FullScreen.Draw(WatchScreen.Of(sight, "localhost:30000", null, default, width, height), (width, height), hasColor: false).Split('\n');

                Assert.True(rows.Length <= height, $"{rows.Length} rows in {width} x {height}");
                Assert.All(rows, row => Assert.True(row.Length <= width, $"{row.Length} letters in {width} x {height}"));
            }
        }
    }

    [Fact]
    public void The_newest_fact_and_error_are_on_top_and_what_is_lost_is_said()
    {
        var screen = FullScreen.Draw(WatchScreen.Of(Full, "localhost:30000", "no silo answers", default, 140, 45), (140, 45), hasColor: false);

        Assert.Contains("fact 39", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("fact 3 ", screen, StringComparison.Ordinal);
        Assert.Contains("error 9 in two lines", screen, StringComparison.Ordinal);
        Assert.Contains("reconnecting: no silo answers", screen, StringComparison.Ordinal);
    }

    /// <summary>Round and round, in both directions.</summary>
    [Theory]
    [InlineData(0, "Question 0?")]
    [InlineData(1, "Question 1?")]
    [InlineData(2, "Question 0?")]
    [InlineData(-1, "Question 1?")]
    public void The_ladder_is_of_the_question_chosen(int question, string expected) => Assert.Contains(
        expected, FullScreen.Draw(WatchScreen.Of(Full, "", null, new Choice(5, question), 140, 45), (140, 45), hasColor: false), StringComparison.Ordinal);

    private static BookLadder Ladder(int number)
    {
        var condition = Given.Condition(number);
        return new BookLadder(
            condition.Id, condition.Question, condition.Yes, condition.No, BookLife.Synced, "", ProofState.Proven, IsTrusted: true, IsCrossed: false, default, condition.Tick, "0.5",
            Given.Noon, 2, [Given.Level(40, 100)], [Given.Level(42, 7)]);
    }
}
