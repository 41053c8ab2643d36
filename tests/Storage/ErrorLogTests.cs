using PolyArb.Domain;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The same in both databases.</summary>
public abstract class ErrorLogTests(Store store) : IDisposable
{
    private readonly List<string> _reported = [];

    /// <summary>The first bytes in capital hex digits, in this database's words.</summary>
    protected abstract string Hex { get; }

    public void Dispose()
    {
        store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task What_could_not_be_read_is_kept_among_the_errors_with_its_bytes()
    {
        await using (var log = Log()) log.Keep("market channel", "m1#3: a frame", [0x7b, 0x00, 0xff], Given.Noon);

        Assert.Equal(
            [$"-1 | {Given.Noon.Micros} | market channel | m1#3: a frame | 7B00FF | 3 | 0"],
            store.Rows($"""SELECT n, at, "where", what, {Hex}, length, left_out FROM errors"""));
        Assert.Equal([new ErrorRow(Given.Noon.Millis, "market channel", "m1#3: a frame")], new JournalReader(store.Database).Errors());
    }

    [Fact]
    public async Task A_long_one_is_cut_and_says_how_long_it_was()
    {
        await using (var log = Log()) log.Keep("here", "long", new byte[SqlErrorLog.BytesMax + 5], Given.Noon);

        Assert.Equal([$"{SqlErrorLog.BytesMax} | {SqlErrorLog.BytesMax + 5}"], store.Rows("SELECT length(bytes), length FROM errors"));
    }

    [Fact]
    public async Task A_storm_is_ten_a_minute_from_each_place_and_the_rest_is_counted_in_the_next_row()
    {
        await using var log = Log();
        for (var i = 0; i < 25; i++) log.Keep("storm", $"{i}", [1], Given.Noon);
        log.Keep("calm", "one", [1], Given.Noon);
        log.Keep("storm", "later", [1], Given.Noon + TimeSpan.FromMinutes(1));
        await log.DisposeAsync();

        Assert.Equal(15, log.LeftOut);
        Assert.Equal(
            ["calm | 1 | 0 | one", "storm | 11 | 15 | later"],
            store.Rows("""SELECT "where", count(*), sum(left_out), max(what) FROM errors GROUP BY "where" ORDER BY 1"""));
    }

    [Fact]
    public async Task Only_the_newest_rows_stay()
    {
        store.Change(
            $"""
             WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {SqlErrorLog.RowsMax})
             INSERT INTO errors (n, at, "where", what, bytes, length) SELECT -i, i, 'old', 'old', NULL, 1 FROM c
             """);
        await using (var log = Log()) log.Keep("here", "new", [1], Given.Noon);

        Assert.Equal(
            [$"{SqlErrorLog.RowsMax} | -2 | -{SqlErrorLog.RowsMax + 1}"], store.Rows("SELECT count(*), max(n), min(n) FROM errors"));
    }

    [Fact]
    public async Task Facts_number_their_errors_as_ever_and_a_rebuild_leaves_the_others_alone()
    {
        await using var journal = new SqlJournal(store.Database);
        await using (var log = Log())
        {
            log.Keep("here", "first", [1], Given.Noon + TimeSpan.FromSeconds(-1));
            await journal.Append([Given.Error("a fact")], fence: 0);
        }

        await using (var log = Log()) log.Keep("here", "last", [2], Given.Noon + TimeSpan.FromSeconds(1));

        await journal.Rebuild();

        Assert.Equal(["-2 | last", "-1 | first", "1 | a fact"], store.Rows("SELECT n, what FROM errors ORDER BY n"));
        Assert.Equal(["last", "a fact", "first"], new JournalReader(store.Database).Errors().Select(error => error.What));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_once_and_stops_nobody()
    {
        store.Change("DROP TABLE errors");
        await using var log = Log();
        log.Keep("here", "one", [1], Given.Noon);
        log.Keep("here", "two", [1], Given.Noon);
        await log.DisposeAsync();

        Assert.Contains("errors are not kept", Assert.Single(_reported), StringComparison.Ordinal);
        Assert.Equal(2, log.LeftOut);
    }

    private SqlErrorLog Log() => new(store.Database, _reported.Add);
}

public sealed class SqliteErrorLogTests() : ErrorLogTests(Store.Sqlite())
{
    protected override string Hex => "hex(bytes)";
}

public sealed class PostgresErrorLogTests(PostgresServer server) : ErrorLogTests(Store.Postgres(server))
{
    protected override string Hex => "upper(encode(bytes, 'hex'))";
}
