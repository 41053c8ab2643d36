using PolyArb.Domain;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class SqliteErrorLogTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly GatedSqliteDataSource _source;
    private readonly List<string> _reported = [];

    public SqliteErrorLogTests() => _source = _directory.Journal();

    private string File => _directory["polyarb.db"];

    public void Dispose()
    {
        _source.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_could_not_be_read_is_kept_among_the_errors_with_its_bytes()
    {
        await using (var log = Log()) log.Keep("market channel", "m1#3: a frame", [0x7b, 0x00, 0xff], Given.Noon);

        Assert.Equal(
            [$"-1 | {Given.Noon.Micros} | market channel | m1#3: a frame | 7B00FF | 3 | 0"],
            Rows.Of(File, """SELECT n, at, "where", what, hex(bytes), length, left_out FROM errors"""));
        Assert.Equal([new ErrorRow(Given.Noon.Millis, "market channel", "m1#3: a frame")], new JournalReader(File).Errors());
    }

    [Fact]
    public async Task A_long_one_is_cut_and_says_how_long_it_was()
    {
        await using (var log = Log()) log.Keep("here", "long", new byte[SqliteErrorLog.BytesMax + 5], Given.Noon);

        Assert.Equal([$"{SqliteErrorLog.BytesMax} | {SqliteErrorLog.BytesMax + 5}"], Rows.Of(File, "SELECT length(bytes), length FROM errors"));
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
            Rows.Of(File, """SELECT "where", count(*), sum(left_out), max(what) FROM errors GROUP BY "where" ORDER BY 1"""));
    }

    [Fact]
    public async Task Only_the_newest_rows_stay()
    {
        Rows.Change(
            File,
            $"""
             WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < {SqliteErrorLog.RowsMax})
             INSERT INTO errors (n, at, "where", what, bytes, length) SELECT -i, i, 'old', 'old', x'00', 1 FROM c
             """);
        await using (var log = Log()) log.Keep("here", "new", [1], Given.Noon);

        Assert.Equal(
            [$"{SqliteErrorLog.RowsMax} | -2 | -{SqliteErrorLog.RowsMax + 1}"], Rows.Of(File, "SELECT count(*), max(n), min(n) FROM errors"));
    }

    [Fact]
    public async Task Facts_number_their_errors_as_ever_and_a_rebuild_leaves_the_others_alone()
    {
        await using var journal = new SqliteJournal(_source);
        await using (var log = Log())
        {
            log.Keep("here", "first", [1], Given.Noon + TimeSpan.FromSeconds(-1));
            await journal.Append([Given.Error("a fact")], fence: 0);
        }

        await using (var log = Log()) log.Keep("here", "last", [2], Given.Noon + TimeSpan.FromSeconds(1));

        await journal.Rebuild();

        Assert.Equal(["-2 | last", "-1 | first", "1 | a fact"], Rows.Of(File, "SELECT n, what FROM errors ORDER BY n"));
        Assert.Equal(["last", "a fact", "first"], new JournalReader(File).Errors().Select(error => error.What));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_once_and_stops_nobody()
    {
        Rows.Change(File, "DROP TABLE errors");
        await using var log = Log();
        log.Keep("here", "one", [1], Given.Noon);
        log.Keep("here", "two", [1], Given.Noon);
        await log.DisposeAsync();

        Assert.Contains("errors are not kept", Assert.Single(_reported), StringComparison.Ordinal);
        Assert.Equal(2, log.LeftOut);
    }

    private SqliteErrorLog Log() => new(_source, _reported.Add);
}
