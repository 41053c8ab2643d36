using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>How SQLite goes about what readers ask, by its own word: no table that grows for ever is read or sorted whole.</summary>
public sealed partial class ReaderPlansTests : IDisposable
{
    /// <summary>Which are to read all there is.</summary>
    private static readonly string[] Whole =
    [
        "SELECT count(*), max(at) FROM facts", // Of a backup, whose every page has just been read.
        "SELECT n, t, CAST(c AS BLOB), CAST(s AS BLOB), CAST(m AS BLOB), CAST(seal AS BLOB) FROM events ORDER BY n", // Every seal.
    ];

    private readonly TempDirectory _directory = new();

    public ReaderPlansTests()
    {
        Schema.PrepareJournal(_directory["a.db"]);
        Schema.PrepareEvents(_directory["e.db"]);
    }

    public static TheoryData<string?, string?> Asked => new() { { null, null }, { "OrderChanged", null }, { null, "m1" }, { "OrderChanged", "m1" } };

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Asked))]
    public void Facts_and_orders_are_found_by_an_index_whatever_is_asked(string? kind, string? market)
    {
        var asked = new HistoryQuery(20, Kind: kind, Market: market is null ? null : new MarketId(market));

        Assert.Equal("", Fault("a.db", HistorySql.Facts(asked, Dialect.Sqlite)));
        Assert.Equal("", Fault("a.db", HistorySql.Orders(asked)));
    }

    [Theory]
    [InlineData("a.db", HistorySql.Errors)]
    [InlineData("e.db", HistorySql.Inputs)]
    public void So_are_errors_and_inputs(string file, string sql) => Assert.Equal("", Fault(file, sql));

    [Fact]
    public void So_are_samples() => Assert.Equal("", Fault("a.db", HistorySql.Equity(Dialect.Sqlite)));

    /// <summary>Found in the source, so that a new one is looked at too.</summary>
    [Fact]
    public void No_other_question_reads_facts_or_events_whole()
    {
        var files = Directory.EnumerateFiles(Repository.PathOf("storage"), "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("obj", StringComparison.Ordinal));
        var questions = files.SelectMany(file => Question().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).Except(Whole).ToArray();

        Assert.True(questions.Length >= 10, $"only {questions.Length} were found");
        Assert.All(questions, sql => Assert.Equal("", Fault(sql.Contains("facts", StringComparison.Ordinal) ? "a.db" : "e.db", sql)));
    }

    /// <summary>The test of the tests: this is what a question without an index looks like.</summary>
    [Theory]
    [InlineData("SELECT n FROM facts WHERE body = 'x'")]
    [InlineData("SELECT n FROM facts ORDER BY body LIMIT 1")]
    [InlineData("SELECT min(n), max(n) FROM facts")]
    public void A_question_that_reads_all_is_seen(string sql) => Assert.NotEqual("", Fault("a.db", sql));

    /// <summary>A data directory of the version before: its facts stay, and are found in the new ways.</summary>
    [Fact]
    public async Task An_old_journal_gets_the_indexes_and_keeps_what_it_holds()
    {
        string[] indexes = ["errors_by_time", "facts_by_kind", "facts_by_market", "orders_by_time"];
        foreach (var index in indexes) Rows.Change(_directory["a.db"], $"DROP INDEX {index}");
        Rows.Change(_directory["a.db"], "DELETE FROM SchemaVersions WHERE ScriptName LIKE '%008_readers.sql'");
        using (var source = GatedSqliteDataSource.Durable(_directory["a.db"]))
        await using (var journal = new SqlJournal(source))
        {
            await journal.Append([Given.Opened(), Given.Error("old")], await journal.RaiseFence());
        }

        Schema.PrepareJournal(_directory["a.db"]);

        Assert.Equal(indexes, Rows.Of(_directory["a.db"], $"SELECT name FROM sqlite_schema WHERE name IN ('{string.Join("','", indexes)}') ORDER BY name"));
        using var history = new SqlHistory(GatedSqliteDataSource.Durable(_directory["a.db"]), GatedSqliteDataSource.Fast(_directory["e.db"]));
        Assert.Equal([1L], (await history.Facts(new HistoryQuery(5, Kind: nameof(Fact.BasketOpened), Market: new MarketId("m1")))).Select(fact => fact.N));
        Assert.Equal(["old"], (await history.Errors(new HistoryQuery(5))).Select(error => error.What));
    }

    /// <summary>The steps of its plan that read or sort a table whole; empty when there is none.</summary>
    private string Fault(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_directory[file]};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {sql}";
        foreach (var name in Parameter().Matches(sql).Select(match => match.Value).Distinct()) command.Parameters.AddWithValue(name, 1);
        using var rows = command.ExecuteReader();
        List<string> steps = [];
        while (rows.Read()) steps.Add(rows.GetString(3));
        var stopsEarly = sql.Contains("LIMIT", StringComparison.Ordinal) && !sql.Contains("WHERE", StringComparison.Ordinal);
        return string.Join("; ", steps.Where(step =>
            step == "USE TEMP B-TREE FOR ORDER BY" || step.StartsWith("SCAN ", StringComparison.Ordinal) && step != "SCAN CONSTANT ROW" && !stopsEarly));
    }

    [GeneratedRegex("""
        "(SELECT [^"]*?FROM (?:facts|events)\b[^"]*)"
        """)]
    private static partial Regex Question();

    [GeneratedRegex(@"@\w+")]
    private static partial Regex Parameter();
}
