using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Simulation;

namespace PolyArb.Tests.Domain;

/// <summary>A recording of one event with two conditions, written by hand. Frames are our own JSON; seconds count from noon.</summary>
internal sealed class Recorded
{
    private readonly List<(InputKind Kind, double At, string? Text)> _inputs = []; // Without a text: its number is missing.

    public Recorded(Market? market = null)
    {
        Market = market ?? Given.Market();
        Books = [.. Market.Conditions.Select(condition => new VenueBook(condition))];
    }

    public static readonly DayRules Rules = new()
    {
        Edge = Given.Policy,
        Risk = Given.Limits,
        Breakers = Given.Breakers,
        Resting = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(1), 5),
        Flatten = new(Sells: false, TimeSpan.FromSeconds(60)),
        SameIntent = new(new Price(1), new Size(100_000)),
        SettleMin = Size.Shares(1),
        Venue = new VenueRules
        {
            Queue = new QueueModel.RiskAverse(),
            Out = new LatencyModel.Constant(TimeSpan.FromMilliseconds(50)),
            Back = new LatencyModel.Constant(TimeSpan.FromMilliseconds(30)),
            MinedAfter = TimeSpan.FromSeconds(2),
            ConfirmedAfter = TimeSpan.FromSeconds(2),
            FailuresPerMillion = 0,
            RejectsPerMillion = 0,
        },
        Capital = Usd.Dollars(1_000),
        Seed = 1,
    };

    public Market Market { get; }

    public ImmutableArray<VenueBook> Books { get; }

    public int Count => _inputs.Count;

    /// <summary>Books that move at random, often with an edge.</summary>
    public static Recorded Random(int seed)
    {
        var random = new Random(seed);
        var recorded = new Recorded().Begin();
        var at = 0.0;
        for (var i = 0; i < 120; i++)
        {
            at += random.Next(4) * 0.05;
            var book = recorded.Books[random.Next(2)];
            if (random.Next(40) == 0) recorded.Gap(at, "random");
            else if (random.Next(10) == 0) recorded.Frame(at, book.Snapshot());
            else recorded.Bid(at, book, random.Next(48, 56), random.Next(3) * 20);
        }

        return recorded;
    }

    /// <summary>Both books with bids of 40 cents, so nothing is to be had.</summary>
    public Recorded Begin(double at = 0)
    {
        foreach (var book in Books)
        {
            book.Set(Outcome.Yes, Side.Buy, 40, 100);
            Frame(at, book.Snapshot());
        }

        return this;
    }

    /// <summary>YES bids of 55 cents in both: the two NOs cost 90 cents and pay a dollar.</summary>
    public Recorded Edge(double at, long shares = 50)
    {
        foreach (var book in Books) Bid(at, book, 55, shares);
        return this;
    }

    /// <summary>And gone again.</summary>
    public Recorded NoEdge(double at) => Edge(at, shares: 0);

    /// <summary>A bid far from the others, for time to pass.</summary>
    public Recorded Bid(double at, int book) => Bid(at, Books[book], 1, 1);

    public Recorded Bid(double at, VenueBook book, int cents, long shares)
    {
        book.Ms++;
        return Frame(at, book.Change(Outcome.Yes, Side.Buy, cents, shares));
    }

    public Recorded Frame(double at, BookUpdate update) => Note(InputKind.Market, at, DomainJson.Write(update));

    public Recorded Gap(double at, string cause) => Note(InputKind.Timer, at, DomainJson.Write(new RecordedGap(cause, Market.Id.Text)));

    /// <summary>The row that says that so many inputs were lost, its own number included.</summary>
    public Recorded Lost(double at, int count)
    {
        for (var i = 1; i < count; i++) _inputs.Add((InputKind.Market, at, null));
        return Note(InputKind.Timer, at, DomainJson.Write(new RecordedLoss(count, 0, 0)));
    }

    public Recorded Opened(double at, Market market) =>
        Note(InputKind.Params, at, DomainJson.Write(new OwnedInput(market.Id, new DeskInput.Opened(market, Given.Policy))));

    public Recorded Note(InputKind kind, double at, string text)
    {
        _inputs.Add((kind, at, text));
        return this;
    }

    /// <param name="count">So many of the inputs; null for all.</param>
    /// <param name="missing">The number of an input that the recording lost.</param>
    public Played Play(DayRules? rules = null, int? count = null, long? missing = null, bool hasHeader = true)
    {
        List<string> decisions = [];
        var day = new SimulatedDay(rules ?? Rules, hasHeader ? [Market] : [], Read)
        {
            Decided = (at, _, decision) => decisions.Add($"{at.Micros.ToString(CultureInfo.InvariantCulture)} {DomainJson.Write(decision)}"),
        };
        for (var i = 0; i < (count ?? _inputs.Count); i++)
        {
            var (kind, at, text) = _inputs[i];
            if (i + 1 != missing && text is not null) day.Play(new RecordedInput(i + 1, Given.After(at), kind, Encoding.UTF8.GetBytes(text)));
        }

        return new Played(day.End("by hand", [], []), [.. decisions], day.Unreadable);
    }

    /// <summary>Into the buffer's own arrays, as a real reader does.</summary>
    private static bool Read(ReadOnlySpan<byte> frame, UpdateBuffer updates)
    {
        BookUpdate update;
        try
        {
            update = DomainJson.Read<BookUpdate>(frame);
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }

        var (levels, entries) = (updates.LevelCount, updates.EntryCount);
        foreach (var level in update.Bids.Span) updates.Add(level);
        var asks = updates.LevelCount;
        foreach (var level in update.Asks.Span) updates.Add(level);
        foreach (var entry in update.Entries.Span) updates.Add(entry);
        updates.Add(update with { Bids = updates.LevelsFrom(levels)[..(asks - levels)], Asks = updates.LevelsFrom(asks), Entries = updates.EntriesFrom(entries) });
        return true;
    }
}

internal sealed record Played(BacktestResult Result, ImmutableArray<string> Decisions, long Unreadable);
