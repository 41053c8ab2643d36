using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The same in both databases.</summary>
public abstract class ProjectionTests : IAsyncDisposable
{
    private static readonly string[] Tables = ["baskets", "orders", "order_intents", "fills", "positions", "settlements", "settled_tokens", "moved_tokens", "errors"];

    private readonly Store _store;
    private readonly SqlJournal _journal;
    private readonly JournalReader _reader;

    protected ProjectionTests(Store store)
    {
        _store = store;
        _journal = new SqlJournal(store.Database);
        _reader = new JournalReader(store.Database);
    }

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_opened_basket_has_its_row_its_orders_and_its_intents()
    {
        await Append(Given.Opened());

        var basket = Assert.Single(_reader.Baskets());
        Assert.Equal(("b1", "m1", BasketKind.No, "100", "0", "Open"), (basket.Id.Text, basket.Market.Text, basket.Kind, basket.Qty.ToString(), basket.Locked.ToString(), basket.State));
        Assert.Equal(["b1-0", "b1-1"], _reader.Orders().Select(order => order.Id.Text));
        var order = _reader.Orders()[0];
        Assert.Equal(("c0", "no0", Side.Buy, OrderType.Fak, "0.48", "100", "0", "InFlight", Given.Noon.Millis), (
            order.Condition.Text, order.Token.Text, order.Side, order.Type, order.Price.ToString(), order.Size.ToString(), order.Matched.ToString(), order.Status, order.CreatedAt));
        Assert.Equal(
            ["b1-0 | Open | 1-7 | 48000000 | 100000000", "b1-1 | Open | 1-7 | 48000000 | 100000000"],
            _store.Rows("SELECT order_id, purpose, reservation, maker_amount, taker_amount FROM order_intents"));
    }

    [Fact]
    public async Task A_fill_told_again_counts_once_and_its_status_only_goes_forward()
    {
        await Append(
            Given.Opened(),
            Given.Filled("t1", "b1-0"),
            Given.Filled("t1", "b1-0", TradeStatus.Confirmed),
            Given.Filled("t1", "b1-0"),
            Given.Filled("t1", "b1-0", TradeStatus.Mined));

        var fill = Assert.Single(_reader.Fills());
        Assert.Equal((TradeStatus.Confirmed, "100", "0.03", new TokenId("no0")), (fill.Status, fill.Size.ToString(), fill.Fee.ToString(), fill.Token));
        var position = Assert.Single(_reader.Positions());
        Assert.Equal(("100", "0.48", Outcome.No, "m1"), (position.Qty.ToString(), position.AvgPrice?.ToString(), position.Outcome, position.Market?.Text));
        Assert.Equal("100", _reader.Orders().Single(order => order.Id.Text == "b1-0").Matched.ToString());
    }

    [Fact]
    public async Task One_trade_may_fill_two_of_our_orders()
    {
        await Append(Given.Opened(), Given.Filled("t1", "b1-0", shares: 30, cents: 1_440), Given.Filled("t1", "b1-1", shares: 20, cents: 960));

        Assert.Equal(2, _reader.Fills().Length);
        Assert.Equal(["30", "20"], _reader.Positions().Select(position => position.Qty.ToString()));
    }

    [Fact]
    public async Task A_failed_trade_leaves_neither_position_nor_match()
    {
        await Append(Given.Opened(), Given.News(new OrderEvent.Matched(new OrderId("b1-0"), Size.Shares(100), IsFinal: true)), Given.Filled("t1", "b1-0"));
        Assert.Single(_reader.Positions());

        await Append(Given.Filled("t1", "b1-0", TradeStatus.Failed));

        Assert.Empty(_reader.Positions());
        Assert.Equal(Size.Zero, _reader.Orders().Single(order => order.Id.Text == "b1-0").Matched);
    }

    [Fact]
    public async Task Selling_keeps_the_average_and_buying_again_after_selling_out_starts_a_new_one()
    {
        await Append(
            Given.Opened(),
            Given.Filled("t1", "b1-0", shares: 100, cents: 4_000),
            Given.Filled("t2", "b1-0", shares: 100, cents: 5_000),
            Given.Closing("sell", 0, "no0", Side.Sell),
            Given.Filled("t3", "sell", shares: 50, cents: 3_000));
        Assert.Equal(("150", "0.45"), Held());

        await Append(Given.Filled("t4", "sell", shares: 150, cents: 9_000), Given.Filled("t5", "b1-0", shares: 10, cents: 600));
        Assert.Equal(("10", "0.6"), Held());

        (string, string?) Held() => (_reader.Positions().Single().Qty.ToString(), _reader.Positions().Single().AvgPrice?.ToString());
    }

    [Fact]
    public async Task What_was_held_before_us_is_a_position_without_a_price()
    {
        await Append(new Fact.OpeningBalanceTaken(Given.Noon, Usd.Dollars(10), ImmutableDictionary<TokenId, Size>.Empty.Add(new TokenId("no0"), Size.Shares(5))));
        var before = Assert.Single(_reader.Positions());
        await Append(Given.Opened(), Given.Filled("t1", "b1-0"));
        var after = Assert.Single(_reader.Positions());

        Assert.Equal(("5", null, null), (before.Qty.ToString(), before.AvgPrice, before.Market));
        Assert.Equal(("105", "0.48", "m1"), (after.Qty.ToString(), after.AvgPrice?.ToString(), after.Market?.Text));
    }

    /// <summary>News in any order: the row shows the one that is furthest in an order's life.</summary>
    [Theory]
    [InlineData("Unanswered", "Unanswered")]
    [InlineData("Live", "Live")]
    [InlineData("Live Unanswered", "Live")]
    [InlineData("Unanswered Absent", "Absent")]
    [InlineData("Unanswered Absent Live", "Live")]
    [InlineData("Unanswered Rejected", "Rejected")]
    [InlineData("Matched Live", "Matched")]
    [InlineData("Matched Unanswered", "Matched")]
    [InlineData("Delayed Matched", "Matched")]
    [InlineData("Live Canceled", "Canceled")]
    [InlineData("Canceled Matched", "Canceled")]
    public async Task The_status_follows_the_news(string news, string status)
    {
        var id = new OrderId("b1-0");
        await Append(Given.Opened());
        foreach (var word in news.Split(' '))
        {
            await Append(Given.News(word switch
            {
                "Unanswered" => new OrderEvent.Unanswered(id, "timeout"),
                "Absent" => new OrderEvent.Absent(id),
                "Live" => new OrderEvent.Placed(id),
                "Delayed" => new OrderEvent.Delayed(id),
                "Rejected" => new OrderEvent.Rejected(id, "no"),
                "Canceled" => new OrderEvent.Canceled(id, "expired"),
                _ => new OrderEvent.Matched(id, Size.Shares(40), IsFinal: false),
            }));
        }

        var order = _reader.Orders().Single(row => row.Id == id);
        Assert.Equal((status, news.Contains("Matched", StringComparison.Ordinal) ? "40" : "0"), (order.Status, order.Matched.ToString()));
    }

    [Fact]
    public async Task A_closed_basket_shows_how_it_ended_and_what_it_locked()
    {
        await Append(
            Given.Opened(),
            new Fact.BasketClosed(
                Given.Noon, new BasketId("b1"), new MarketId("m1"), new BasketResult(BasketEnd.Completed, Size.Shares(99), Usd.Dollars(99), Usd.Cents(9_603), "ok")));

        var basket = Assert.Single(_reader.Baskets());
        Assert.Equal(("Completed", "99", "99", "ok"), (basket.State, basket.Qty.ToString(), basket.Locked.ToString(), basket.Note));
    }

    [Fact]
    public async Task Facts_about_an_order_name_its_market_and_basket()
    {
        await Append(Given.Opened(), Given.News(new OrderEvent.Placed(new OrderId("b1-1"))), Given.Error("look"));

        Assert.Equal(
            ["BasketOpened | m1 | b1", "OrderChanged | m1 | b1", "ErrorNoted | - | -"], _store.Rows("SELECT kind, market, basket FROM facts ORDER BY n"));
        Assert.Equal(("test", "look", Given.Noon.Millis), (_reader.Errors()[0].Where, _reader.Errors()[0].What, _reader.Errors()[0].Time));
    }

    [Fact]
    public async Task A_reader_follows_the_journal_from_where_it_was()
    {
        await Append(Given.Error("one"), Given.Error("two"));
        var last = _reader.Facts()[^1].N;
        Assert.Empty(_reader.Facts(last));

        await Append(Given.Opened());

        var row = Assert.Single(_reader.Facts(last));
        Assert.Equal(("BasketOpened", "m1", "b1"), (row.Kind, row.Market?.Text, row.Basket?.Text));
        Assert.IsType<Fact.BasketOpened>(DomainJson.Read<Fact>(row.Body));
        Assert.Equal(["two"], _reader.Facts(1, max: 1).Select(fact => ((Fact.ErrorNoted)DomainJson.Read<Fact>(fact.Body)).What));
    }

    [Fact]
    public void What_is_read_has_the_shape_that_the_command_line_promises()
    {
        var order = new OrderRow(
            new OrderId("o"), new BasketId("b"), new MarketId("m"), new ConditionId("c"), new TokenId("t"), Side.Buy, OrderType.Fak,
            Price.Cents(48), Size.Shares(1), Size.Zero, "Live", "", 5);

        Assert.Equal(
            """
            {"id":"o","basket":"b","market":"m","condition":"c","token":"t","side":"Buy","type":"Fak","price":"0.48","size":"1","matched":"0","status":"Live","why":"","createdAt":5}
            """,
            DomainJson.Write(order));
    }

    [Fact]
    public async Task A_fill_of_an_order_nobody_placed_here_is_kept_and_changes_no_position()
    {
        await Append(Given.Filled("t1", "stranger"));

        Assert.Null(Assert.Single(_reader.Fills()).Token);
        Assert.Empty(_reader.Positions());
    }

    [Fact]
    public async Task What_a_conversion_gave_is_gone_and_what_it_brought_is_held_without_a_price()
    {
        var (id, call) = (new ReservationId(1, 1), Given.Conversion(shares: 60));
        await Append(Given.Opened(), Given.Filled("t1", "b1-0"), Given.Filled("t2", "b1-1"), new Fact.SettlementStarted(Given.Noon, id, call));
        Assert.Equal(["100", "100"], _reader.Positions().Select(position => position.Qty.ToString()));
        Assert.Equal(["1-1 | m1 | Convert | 60000000 | 60000000 | Started"], Settlements());

        var ended = new Fact.SettlementEnded(Given.Noon, id, call, SettlementEnd.Done, "");
        await Append(ended, ended);

        Assert.Equal(["1-1 | m1 | Convert | 60000000 | 60000000 | Done"], Settlements());
        Assert.Equal(
            ["no0 40 0.48 No m1", "no1 40 0.48 No m1", "yes2 60  Yes m1"],
            _reader.Positions().Select(held => $"{held.Token} {held.Qty} {held.AvgPrice} {held.Outcome} {held.Market}").Order(StringComparer.Ordinal));

        string[] Settlements() => _store.Rows("SELECT id, market, kind, shares, dollars, state FROM settlements");
    }

    [Fact]
    public async Task A_call_that_was_refused_moves_no_shares()
    {
        var (id, call) = (new ReservationId(1, 1), Given.Conversion(shares: 60));
        await Append(Given.Opened(), Given.Filled("t1", "b1-0"), Given.Filled("t2", "b1-1"), new Fact.SettlementStarted(Given.Noon, id, call));
        await Append(new Fact.SettlementEnded(Given.Noon, id, call, SettlementEnd.Refused, "not mined"));

        Assert.Equal(["100", "100"], _reader.Positions().Select(position => position.Qty.ToString()));
        Assert.Equal(["Refused | not mined"], _store.Rows("SELECT state, why FROM settlements"));
    }

    /// <summary>The tables, the ledger of the same facts and the rebuilt tables.</summary>
    [Fact]
    public async Task Shares_that_came_and_went_from_outside_are_in_the_tables_as_in_the_ledger()
    {
        Fact[] facts =
        [
            Given.Opened(), Given.Filled("t1", "b1-0", shares: 100), Given.Filled("t2", "b1-1", shares: 100),
            new Fact.ExternalCredited(Given.Noon, Usd.Dollars(1), Some(7), "deposit"),
            new Fact.RoundingAdjusted(Given.Noon, Usd.Cents(1), "rounding", Some(2)),
            new Fact.SharesRedeemed(Given.Noon, Some(5), Usd.Dollars(5)),
            new Fact.LedgerAccepted(Given.Noon, Usd.Dollars(-1), Some(4, "stranger"), Some(60, "no0"), "me", "sold by hand"),
        ];
        var (blotter, ledger) = (new Blotter(), new Ledger());
        foreach (var fact in facts)
        {
            ledger.Apply(fact);
            if (blotter.Apply(fact)?.Settlement is { } settlement) ledger.Apply(settlement);
        }

        await Append(facts);
        var written = Held();
        await _journal.Rebuild();

        Assert.Equal(["no0 40", "no1 100", "stranger 4"], written);
        Assert.Equal(written, Held());
        Assert.Equal(written, ledger.Positions.Select(position => $"{position.Token} {position.Shares}").Order(StringComparer.Ordinal));

        string[] Held() => [.. _reader.Positions().Select(position => $"{position.Token} {position.Qty}").Order(StringComparer.Ordinal)];
    }

    /// <summary>Random lives of random orders, in batches of random length.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Rebuilt_tables_equal_the_written_ones(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 60; i++)
        {
            await _journal.Append([.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => AnyFact(random))], fence: 0);
        }

        var written = Dump();
        foreach (var table in Tables.Where(table => table != "errors")) _store.Change($"UPDATE {table} SET market = 'x'"
            .Replace("UPDATE fills SET market", "UPDATE fills SET token", StringComparison.Ordinal)
            .Replace("UPDATE moved_tokens SET market", "UPDATE moved_tokens SET why", StringComparison.Ordinal));
        Assert.NotEqual(written, Dump());

        var facts = await _journal.Rebuild();

        Assert.Equal($"{facts}", _store.Rows("SELECT count(*) FROM facts")[0]);
        Assert.Equal(written, Dump());
        Assert.All(Tables, table => Assert.NotEmpty(_store.Rows($"SELECT * FROM {table}")));
    }

    private static Fact AnyFact(Random random)
    {
        var basket = $"b{random.Next(4)}";
        var order = $"{basket}-{random.Next(2)}";
        return random.Next(16) switch
        {
            0 => Given.Opened(basket, kind: (BasketKind)random.Next(3)),
            1 => Given.Closing($"{basket}-sell", 0, "no0", Side.Sell, basket),
            2 => Given.News(new OrderEvent.Placed(new OrderId(order)), random.Next(9)),
            3 => Given.News(new OrderEvent.Matched(new OrderId(order), Size.Shares(random.Next(100)), IsFinal: false), random.Next(9)),
            4 => Given.News(new OrderEvent.Canceled(new OrderId(order), "expired"), random.Next(9)),
            5 => new Fact.BasketClosed(Given.Noon, new BasketId(basket), new MarketId("m1"), new BasketResult(BasketEnd.Held, Size.Shares(1), Usd.Dollars(1), Usd.Dollars(2), "")),
            6 => Given.Error("e"),
            7 => new Fact.OpeningBalanceTaken(Given.Noon, Usd.Zero, ImmutableDictionary<TokenId, Size>.Empty.Add(new TokenId("no1"), Size.Shares(random.Next(9)))),
            8 => new Fact.SettlementStarted(Given.Noon, new ReservationId(1, random.Next(6)), Given.Conversion(random.Next(1, 20))),
            9 => new Fact.SettlementEnded(Given.Noon, new ReservationId(1, random.Next(6)), Given.Conversion(random.Next(1, 20)), random.Next(4) > 0 ? SettlementEnd.Done : SettlementEnd.Refused, "why"),
            10 => new Fact.ExternalCredited(Given.Noon, Usd.Dollars(1), Some(random.Next(1, 9)), "deposit"),
            11 => new Fact.RoundingAdjusted(Given.Noon, Usd.Cents(1), "rounding", random.Next(2) == 0 ? null : Some(1)),
            12 => new Fact.SharesRedeemed(Given.Noon, Some(random.Next(1, 9)), Usd.Dollars(1)),
            13 => new Fact.LedgerAccepted(Given.Noon, Usd.Dollars(-1), Some(1), Some(2, "no0"), "me", "why"),
            _ => Given.Filled($"t{random.Next(6)}", random.Next(4) == 0 ? $"{basket}-sell" : order, (TradeStatus)random.Next(5), random.Next(1, 50), random.Next(1, 2_000)),
        };
    }

    private static ImmutableDictionary<TokenId, Size> Some(long shares, string token = "no1") =>
        ImmutableDictionary<TokenId, Size>.Empty.Add(new TokenId(token), Size.Shares(shares));

    private string[] Dump() => [.. Tables.SelectMany(table => _store.Rows($"SELECT * FROM {table} ORDER BY 1, 2"))];

    private Task Append(params Fact[] facts) => _journal.Append([.. facts], fence: 0);
}

public sealed class SqliteProjectionTests() : ProjectionTests(Store.Sqlite());

public sealed class PostgresProjectionTests(PostgresServer server) : ProjectionTests(Store.Postgres(server));
