using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;
using Xunit;

namespace PolyArb.Tests.Polymarket.Catalog;

/// <summary>Protocol sheet 2.1 to 2.3: what is asked, and what becomes of the answers.</summary>
public sealed class CatalogTests : IDisposable
{
    private const string ListPath = "/gamma/markets/keyset?limit=100&active=true&closed=false";

    private readonly ScriptedVenue _venue = new();

    /// <summary>Each look at it moves it on, so that nobody waits for their turn.</summary>
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(100) };

    private readonly TermsBook _terms;
    private readonly PolymarketCatalog _catalog;

    public CatalogTests()
    {
        _terms = new TermsBook(_venue, ScriptedVenue.Options, _clock);
        _catalog = new PolymarketCatalog(_venue, ScriptedVenue.Options, _terms, _clock);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _catalog.Dispose();
        _terms.Dispose();
    }

    [Fact]
    public async Task The_list_is_all_pages_without_a_word_to_the_order_book()
    {
        AnswerPages([Listed.Number(1), Listed.Number(2)], [Listed.Number(3)]);

        var listing = await List();

        Assert.Equal(2, listing.Requests);
        Assert.Equal([Listed.Id(1), Listed.Id(2), Listed.Id(3)], listing.Markets.Select(listed => listed.Market.Id.Text));
        Assert.All(listing.Markets, listed => Assert.Equal((true, null), (listed.Market.Conditions[0].IsTradable, listed.Market.Conditions[0].Fee)));
        Assert.Equal([ListPath, $"{ListPath}&after_cursor=Mg%3D%3D"], _venue.Asked.Select(asked => asked.Path));
    }

    [Fact]
    public async Task A_market_on_two_pages_is_listed_once_as_last_seen()
    {
        AnswerPages([Listed.Number(1), Listed.Number(2)], [Listed.Number(2, false, """{"acceptingOrders":false}"""), Listed.Number(3)]);

        Assert.Equal([true, false, true], (await List()).Markets.Select(listed => listed.Market.Conditions[0].IsTradable));
    }

    [Fact]
    public async Task A_glance_is_one_page_of_the_most_liquid()
    {
        const string path = $"{ListPath}&order=liquidityNum&ascending=false";
        _venue.AnswersAt(path, Page([Listed.Number(1), Listed.Number(2)], next: "Mg=="));

        var listing = Assert.IsType<VenueAnswer<Listing>.Ok>(await _catalog.Glance(Cancellation)).Value;

        Assert.Equal((2, 1), (listing.Markets.Length, listing.Requests));
        Assert.Equal(path, Assert.Single(_venue.Asked).Path);
    }

    [Fact]
    public async Task Many_pages_are_a_list_too()
    {
        AnswerPages([.. Enumerable.Range(0, 120).Select(page => Enumerable.Range(1, 100).Select(row => Listed.Number(page * 100 + row)).ToArray())]);

        var listing = await List();

        Assert.Equal((12_000, 120), (listing.Markets.Length, listing.Requests));
        Assert.Equal(12_000, listing.Markets.Select(listed => listed.Market.Id).Distinct().Count());
    }

    public static TheoryData<string[], string> Alarms => new()
    {
        { [Page([])], "nothing is listed as open" },
        { [Page([Listed.Number(1, false, """{"closed":true}""")])], "1 of 1 are: the filter is ignored" },
        { [Page([Listed.Number(1), Listed.Number(2)], "c1"), Page([Listed.Number(3, false, """{"closed":true}""")])], "1 of 3 are: the filter is ignored" },
        { [Page([Listed.Number(1)], "c1"), Page([Listed.Number(1)], "c2")], "page 2 holds nothing new: the cursor is ignored" },
        { [Page([Listed.Number(1)], "c1"), Page([Listed.Number(2)], "c1")], "the cursor of page 2 was there before" },
        { [Page([Listed.Number(1)], "c1"), "<html>"], "web page" },
        { [Page([Listed.Number(1)], "c1")], "HTTP 404" }, // Half a list is no list.
        { ["""{"data":[]}"""], "no markets" },
        { ["""[]"""], "not in the venue's format" },
        { [Page([Listed.Number(1, false, """{"version":null}"""), Listed.Number(2, false, """{"version":null}""")])], "2 listed and none of use; the first: no protocol version" },
    };

    [Theory]
    [MemberData(nameof(Alarms))]
    public async Task A_list_that_was_not_asked_for_is_an_alarm_and_no_smaller_world(string[] pages, string why)
    {
        string[] paths = [ListPath, $"{ListPath}&after_cursor=c1", $"{ListPath}&after_cursor=c2"];
        foreach (var (path, page) in paths.Zip(pages)) _venue.AnswersAt(path, page);

        Assert.Contains(why, Assert.IsType<VenueAnswer<Listing>.Unavailable>(await _catalog.List(Cancellation)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_without_an_end_is_an_alarm()
    {
        AnswerPages([.. Enumerable.Range(1, 2_001).Select(number => new[] { Listed.Number(number) })]);

        Assert.Contains("more than 2000 pages", Assert.IsType<VenueAnswer<Listing>.Unavailable>(await _catalog.List(Cancellation)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gamma_is_asked_twenty_times_a_second_at_most()
    {
        AnswerPages([Listed.Number(1)], [Listed.Number(2)], [Listed.Number(3)]);
        var clock = new FakeTimeProvider();
        using var catalog = new PolymarketCatalog(_venue, ScriptedVenue.Options, _terms, clock);

        var list = catalog.List(Cancellation);
        while (!list.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        Assert.IsType<VenueAnswer<Listing>.Ok>(await list);
        Assert.True(clock.GetUtcNow() - clock.Start >= TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_straggler_that_closed_while_it_was_listed_is_no_alarm()
    {
        AnswerPages([.. Enumerable.Range(1, 19).Select(number => Listed.Number(number)), Listed.Number(20, false, """{"closed":true}""")]);

        Assert.Equal("closed", Assert.Single((await List()).Markets.SelectMany(listed => listed.NotTraded)).Reason);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_asked()
    {
        using var catalog = new PolymarketCatalog(_venue, ScriptedVenue.Options with { GammaUrl = null }, _terms, _clock);

        Assert.Contains("no address", Assert.IsType<VenueAnswer<Listing>.Unavailable>(await catalog.List(Cancellation)).Why, StringComparison.Ordinal);
        Assert.Empty(_venue.Asked);
    }

    [Fact]
    public async Task What_is_refused_is_listed_with_its_reason_and_nothing_to_trade()
    {
        AnswerPages([Listed.Number(1), Listed.Number(2, false, """{"version":"v9"}""")]);

        var refused = (await List()).Markets[1];

        Assert.Equal((Listed.Id(2), 0), (refused.Market.Id.Text, refused.Market.Conditions.Length));
        Assert.Equal(new NotTraded(new ConditionId(Listed.Id(2)), "unknown protocol version 'v9'"), Assert.Single(refused.NotTraded));
    }

    [Fact]
    public async Task A_followed_condition_is_asked_for_by_its_id_and_has_its_terms()
    {
        AnswerPages([Listed.Number(1), Listed.Number(2)]);
        await List();
        _venue.AnswersAt(Conditions("false", 1), Page([Listed.Number(1)]));
        _venue.AnswersAt(Terms(1), Listed.TermsOf(1, false, """{"mts":0.001}"""));
        _venue.Asked.Clear();

        var market = Assert.Single((await Read(1)).Markets).Market;

        Assert.Equal((Listed.Id(1), false, "Will 1?", true), (market.Id.Text, market.NegRisk, market.Title, market.IsWhole));
        var condition = Assert.Single(market.Conditions);
        Assert.Equal((new FeeCurve(30_000, 1), new Price(10), true), (condition.Fee, condition.Tick, condition.IsTradable));
        Assert.Equal([Conditions("false", 1), Terms(1)], _venue.Asked.Select(asked => asked.Path));
    }

    [Fact]
    public async Task An_event_is_one_market_in_the_order_of_its_questions_with_its_closed_ones()
    {
        var market = (await ReadEvent(
            [Listed.Number(3, true), Listed.Number(1, true), Listed.Number(2, true, """{"closed":true}""")], Listed.TermsOf(3, true), Listed.TermsOf(1, true))).Market;

        Assert.Equal((Listed.Event, "Who wins?", true, true, false), (market.Id.Text, market.Title, market.NegRisk, market.IsWhole, market.IsAugmented));
        Assert.Equal([Listed.Id(1), Listed.Id(2), Listed.Id(3)], market.Conditions.Select(condition => condition.Id.Text));
        Assert.Equal([1, 2, 3], market.Conditions.Select(condition => condition.QuestionIndex));
        Assert.Equal([true, false, true], market.Conditions.Select(condition => condition.IsTradable));
        Assert.Equal(2, TermsAsked);
        Assert.Equal(["11", "12", "31", "32"], market.Tokens.Select(token => token.Text)); // The closed one has no book.
    }

    public static TheoryData<string, string[], string[], bool, bool> Events => new()
    {
        { "all there", [Listed.Number(10, true), Listed.Number(11, true)], [Listed.TermsOf(10, true), Listed.TermsOf(11, true)], true, false },
        { "one not known to the order book", [Listed.Number(10, true), Listed.Number(11, true)], [Listed.TermsOf(10, true)], false, false },
        { "one without tokens yet", [Listed.Number(10, true), Listed.Number(11, true)], [Listed.TermsOf(10, true), Listed.TermsOf(11, true, """{"t":[{"t":"","o":"Yes"},{"t":"","o":"No"}]}""")], false, false },
        { "one refused", [Listed.Number(10, true), Listed.Number(11, true, """{"version":null}""")], [Listed.TermsOf(10, true)], false, false },
        { "one without an id", [Listed.Number(10, true), Listed.Number(11, true, """{"conditionId":null}""")], [Listed.TermsOf(10, true)], false, false },
        { "one whose fees disagree", [Listed.Number(10, true), Listed.Number(11, true)], [Listed.TermsOf(10, true), Listed.TermsOf(11, true, """{"fd":null}""")], false, false },
        { "an Other", [Listed.Number(10, true), Listed.Number(11, true, """{"negRiskOther":true}""")], [Listed.TermsOf(10, true), Listed.TermsOf(11, true)], true, true },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public async Task An_event_is_whole_only_when_every_condition_it_names_could_be_read(string name, string[] listed, string[] terms, bool isWhole, bool isAugmented)
    {
        var read = await ReadEvent(listed, terms);

        Assert.Equal((isWhole, isAugmented), (read.Market.IsWhole, read.Market.IsAugmented));
        Assert.True((isWhole && !isAugmented) == read.NotTraded.IsEmpty, name);
        Assert.Equal(new FeeCurve(30_000, 1), read.Market.Conditions[0].Fee); // The rest may be traded all the same.
        Assert.True(read.Market.Conditions[0].IsTradable);
    }

    [Fact]
    public async Task An_augmented_event_is_augmented_whatever_its_conditions_say() =>
        Assert.True((await ReadEvent([Listed.Number(10, true), Listed.Number(11, true)], [Listed.TermsOf(10, true), Listed.TermsOf(11, true)], ""","negRiskAugmented":true""")).Market.IsAugmented);

    [Fact]
    public async Task Conditions_of_an_event_that_has_no_number_are_never_a_whole()
    {
        AnswerPages([Listed.Number(1, true, """{"events":null}"""), Listed.Number(2, true, """{"events":null}""")]);
        await List();
        _venue.AnswersAt(Conditions("false", 1, 2), Page([Listed.Number(1, true, """{"events":null}"""), Listed.Number(2, true, """{"events":null}""")]));
        _venue.AnswersAt(Terms(1), Listed.TermsOf(1, true)).AnswersAt(Terms(2), Listed.TermsOf(2, true));

        var market = Assert.Single((await _catalog.Read([new MarketId(Listed.Event)], Cancellation)).Markets).Market;

        Assert.Equal((2, true, false), (market.Conditions.Length, market.NegRisk, market.IsWhole));
    }

    [Fact]
    public async Task A_condition_of_an_event_is_found_by_its_own_id_and_is_not_the_event()
    {
        _venue.AnswersAt(Conditions("false", 1), Page([Listed.Number(1, true)])).AnswersAt(Terms(1), Listed.TermsOf(1, true));

        var market = Assert.Single((await Read(1)).Markets).Market;

        Assert.Equal((Listed.Event, Listed.Id(1), false), (market.Id.Text, Assert.Single(market.Conditions).Id.Text, market.IsWhole));
    }

    [Fact]
    public async Task What_is_not_among_the_open_is_looked_for_among_the_closed()
    {
        AnswerPages([Listed.Number(1), Listed.Number(2), Listed.Number(3)]);
        await List();
        _venue.AnswersAt(Conditions("false", 1, 2, 3), Page([Listed.Number(1)]));
        _venue.AnswersAt(Conditions("true", 2, 3), Page([Listed.Number(2, false, """{"closed":true}""")]));
        _venue.AnswersAt(Terms(1), Listed.TermsOf(1));

        var reading = await Read(1, 2, 3);

        Assert.Null(reading.Problem);
        Assert.Equal([Listed.Id(1), Listed.Id(2)], reading.Markets.Select(listed => listed.Market.Id.Text)); // And the third is no more.
        Assert.Equal((true, false), (reading.Markets[1].Market.Conditions[0].IsClosed, reading.Markets[1].Market.Conditions[0].IsTradable));
    }

    [Fact]
    public async Task Other_markets_than_those_asked_for_are_an_alarm()
    {
        _venue.AnswersAt(Conditions("false", 1, 2), Page([Listed.Number(1), Listed.Number(7)]));

        var reading = await Read(1, 2);

        Assert.Empty(reading.Markets);
        Assert.Contains($"asked for 2 ids, answered with {Listed.Id(7)}: the filter is ignored", reading.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_found_is_an_alarm()
    {
        _venue.AnswersAt(Conditions("false", 1), Page([])).AnswersAt(Conditions("true", 1), Page([]));

        Assert.Contains("none of the 1 ids asked for was found, open or closed", (await Read(1)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_half_that_cannot_be_read_leaves_the_other()
    {
        AnswerPages([Listed.Number(1), Listed.Number(2, true)]);
        await List();
        _venue.AnswersAt(Conditions("false", 1), Page([Listed.Number(1)])).AnswersAt(Terms(1), Listed.TermsOf(1));

        var reading = await _catalog.Read([new MarketId(Listed.Id(1)), new MarketId(Listed.Event)], Cancellation);

        Assert.Equal(Listed.Id(1), Assert.Single(reading.Markets).Market.Id.Text);
        Assert.StartsWith("gamma events: HTTP 404", reading.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_ids_are_asked_for_fifty_at_a_time()
    {
        foreach (var chunk in Enumerable.Range(1, 120).Chunk(50))
        {
            _venue.AnswersAt(Conditions("false", chunk), Page([.. chunk.Select(number => Listed.Number(number))]));
            foreach (var number in chunk) _venue.AnswersAt(Terms(number), Listed.TermsOf(number));
        }

        var reading = await Read([.. Enumerable.Range(1, 120)]);

        Assert.Equal((120, null), (reading.Markets.Length, reading.Problem));
        Assert.Equal(3, _venue.Asked.Count(asked => asked.Path.StartsWith("/gamma", StringComparison.Ordinal)));
        Assert.All(_venue.Asked, asked => Assert.InRange(asked.Path.Length, 1, 8_000));
    }

    [Fact]
    public async Task Many_events_are_asked_for_twenty_at_a_time()
    {
        string Row(int number) => Listed.Number(number, false, $$"""{"negRisk":true,"negRiskMarketID":"0xe{{number}}","events":[{"id":"{{number}}"}]}""");
        AnswerPages([.. Enumerable.Range(1, 45).Select(Row)]);
        await List();
        foreach (var chunk in Enumerable.Range(1, 45).Chunk(20))
        {
            _venue.AnswersAt(
                $"/gamma/events/keyset?limit=100&closed=false{string.Concat(chunk.Select(number => $"&id={number}"))}",
                Page([.. chunk.Select(number => $$"""{"id":"{{number}}","markets":[{{Row(number)}}]}""")], name: "events"));
        }

        var reading = await _catalog.Read([.. Enumerable.Range(1, 45).Select(number => new MarketId($"0xe{number}"))], Cancellation);

        Assert.Equal((45, null), (reading.Markets.Length, reading.Problem));
        Assert.Equal(3, _venue.Asked.Count(asked => asked.Path.StartsWith("/gamma/events", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task How_to_ask_for_an_event_is_remembered_for_a_day_after_it_was_last_heard_of()
    {
        await ReadEvent([Listed.Number(1, true), Listed.Number(2, true)], Listed.TermsOf(1, true), Listed.TermsOf(2, true));
        AnswerPages([Listed.Number(9)]);
        _clock.Advance(TimeSpan.FromHours(23));
        await List();
        Assert.Single((await _catalog.Read([new MarketId(Listed.Event)], Cancellation)).Markets);

        _clock.Advance(TimeSpan.FromHours(25));
        await List();
        Assert.Empty((await _catalog.Read([new MarketId(Listed.Event)], Cancellation)).Markets);
        Assert.EndsWith(Listed.Event, _venue.Asked[^1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_short_condition_id_is_asked_for_in_Gammas_form_and_at_the_order_book_in_full()
    {
        const string Short = "0xabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdef01";
        var listed = Listed.Gamma(
            $$"""{"conditionId":"{{Short}}","version":"v2","positionIds":["{{Listed.Positions[0]}}","{{Listed.Positions[1]}}"]}""");
        AnswerPages([listed]);
        await List();
        _venue.AnswersAt($"/gamma/markets/keyset?limit=100&closed=false&condition_ids={Short}", Page([listed]));
        _venue.AnswersAt(
            $"/clob-markets/{Short}00",
            Listed.Terms($$"""{"c":"{{Short}}","v":"v2","t":[{"t":"{{Listed.Positions[0]}}","o":"Yes"},{"t":"{{Listed.Positions[1]}}","o":"No"}]}"""));

        var reading = await _catalog.Read([new MarketId(Short + "00")], Cancellation);

        var condition = Assert.Single(Assert.Single(reading.Markets).Market.Conditions);
        Assert.Equal((ProtocolVersion.V2, true, new FeeCurve(30_000, 1)), (condition.Protocol, condition.IsTradable, condition.Fee));
    }

    [Fact]
    public async Task Terms_are_kept_for_half_an_hour_unless_Gamma_moves_on()
    {
        Follow(Listed.Number(1), Listed.TermsOf(1));
        await Read(1);
        await Read(1);
        Assert.Equal(1, TermsAsked);

        Follow(Listed.Number(1, false, """{"orderPriceMinTickSize":0.001}"""), Listed.TermsOf(1, false, """{"mts":0.001}"""));
        Assert.Equal(new Price(10), (await Read(1)).Markets[0].Market.Conditions[0].Tick);
        await Read(1);
        Assert.Equal(2, TermsAsked);

        _clock.Advance(TimeSpan.FromMinutes(31));
        await Read(1);
        Assert.Equal(3, TermsAsked);
    }

    [Fact]
    public async Task Past_its_end_a_condition_is_looked_at_each_time_until_the_order_book_closes_it()
    {
        const string Ended = """{"endDate":"2026-05-31T00:00:00Z"}""";
        Follow(Listed.Number(1, false, Ended), Listed.TermsOf(1));
        Assert.True((await Read(1)).Markets[0].Market.Conditions[0].IsTradable);

        Follow(Listed.Number(1, false, Ended), Listed.TermsOf(1, false, """{"ao":null}"""));
        var closed = (await Read(1)).Markets[0];

        Assert.Equal((false, "the order book accepts no orders"), (closed.Market.Conditions[0].IsTradable, closed.NotTraded[0].Reason));
        Assert.Equal(2, TermsAsked);
    }

    [Fact]
    public async Task A_condition_that_the_order_book_does_not_know_yet_is_asked_for_later_and_later()
    {
        _venue.AnswersAt(Conditions("false", 1), Page([Listed.Number(1)]));
        List<int> asked = [];
        for (var poll = 0; poll < 20; poll++)
        {
            Assert.Equal("the order book does not know it yet", (await Read(1)).Markets[0].NotTraded[0].Reason);
            asked.Add(TermsAsked);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal([1, 2, 3, 3, 4, 4, 4, 5], asked.Take(8)); // After 10, 20, 40, 80 seconds.
        Assert.InRange(asked[^1], 6, 8);

        _venue.AnswersAt(Terms(1), Listed.TermsOf(1));
        _clock.Advance(TimeSpan.FromMinutes(11));
        Assert.True((await Read(1)).Markets[0].Market.Conditions[0].IsTradable);
    }

    [Fact]
    public async Task Kept_terms_of_a_condition_that_the_order_book_has_dropped_are_worth_nothing()
    {
        Follow(Listed.Number(1), Listed.TermsOf(1));
        await Read(1);
        Follow(Listed.Number(1), Listed.TermsOf(1, false, """{"t":[{"t":"","o":"Yes"},{"t":"","o":"No"}]}"""));
        _clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("the order book does not know it yet", Assert.Single((await Read(1)).Markets[0].NotTraded).Reason);
    }

    [Fact]
    public async Task Terms_of_another_condition_are_none()
    {
        Follow(Listed.Number(1), Listed.TermsOf(2));

        Assert.Contains($"asked for {Listed.Id(1)}, answered for {Listed.Id(2)}", (await Read(1)).Markets[0].NotTraded[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_terms_serve_an_hour_when_the_order_book_is_silent()
    {
        Follow(Listed.Number(1), Listed.TermsOf(1));
        await Read(1);
        Follow(Listed.Number(1), "<html>down</html>");

        _clock.Advance(TimeSpan.FromMinutes(40));
        Assert.NotNull((await Read(1)).Markets[0].Market.Conditions[0].Fee);
        _clock.Advance(TimeSpan.FromMinutes(40));
        Assert.Null((await Read(1)).Markets[0].Market.Conditions[0].Fee);
    }

    private int TermsAsked => _venue.Asked.Count(asked => asked.Path.StartsWith("/clob-markets", StringComparison.Ordinal));

    private static string Page(string[] rows, string? next = null, string name = "markets") =>
        $$"""{"{{name}}":[{{string.Join(',', rows)}}]{{(next is null ? "" : $",\"next_cursor\":\"{next}\"")}}}""";

    private static string Conditions(string closed, params int[] numbers) =>
        $"/gamma/markets/keyset?limit=100&closed={closed}{string.Concat(numbers.Select(number => $"&condition_ids={Listed.Id(number)}"))}";

    private static string Terms(int number) => $"/clob-markets/{Listed.Id(number)}";

    /// <summary>The cursor of a page is its number, in base64.</summary>
    private void AnswerPages(params string[][] pages)
    {
        string? Cursor(int page) => page < pages.Length ? Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes($"{page + 1}")) : null;

        for (var page = 0; page < pages.Length; page++)
            _venue.AnswersAt(ListPath + (page == 0 ? "" : "&after_cursor=" + Uri.EscapeDataString(Cursor(page)!)), Page(pages[page], Cursor(page + 1)));
    }

    private void Follow(string listed, string terms) => _venue.AnswersAt(Conditions("false", 1), Page([listed])).AnswersAt(Terms(1), terms);

    private async Task<Listing> List() => Assert.IsType<VenueAnswer<Listing>.Ok>(await _catalog.List(Cancellation)).Value;

    private Task<Reading> Read(params int[] numbers) => _catalog.Read([.. numbers.Select(number => new MarketId(Listed.Id(number)))], Cancellation);

    private Task<ListedMarket> ReadEvent(string[] conditions, params string[] terms) => ReadEvent(conditions, terms, "");

    /// <summary>Listed by its first condition, then read whole.</summary>
    private async Task<ListedMarket> ReadEvent(string[] conditions, string[] terms, string more)
    {
        AnswerPages([conditions[0]]);
        await List();
        _venue.AnswersAt(
            "/gamma/events/keyset?limit=100&closed=false&id=77",
            Page([$$"""{"id":"77","title":"Who wins?","negRiskMarketID":"{{Listed.Event}}"{{more}},"markets":[{{string.Join(',', conditions)}}]}"""], name: "events"));
        foreach (var answer in terms) _venue.AnswersAt($"/clob-markets/{Listed.Json(answer).GetProperty("c").GetString()}", answer);

        var reading = await _catalog.Read([new MarketId(Listed.Event)], Cancellation);
        Assert.Null(reading.Problem);
        return Assert.Single(reading.Markets);
    }
}
