using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class SqliteRecorderTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly GatedSqliteDataSource _source;
    private readonly List<string> _reports = [];

    public SqliteRecorderTests() => _source = _directory.Events();

    public void Dispose()
    {
        _source.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Numbers_are_consecutive_over_threads_and_restarts_and_every_input_is_kept()
    {
        await using (var recorder = new SqliteRecorder(_source, _reports.Add))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(() =>
            {
                for (var i = 0; i < 1_500; i++) recorder.Take(InputKind.Market, $"c{thread}", Encoding.UTF8.GetBytes($"{i}"), Given.Noon);
            })));
        }

        await using (var recorder = new SqliteRecorder(_source, _reports.Add))
        {
            Assert.Equal(6_001, recorder.Take(InputKind.Turn, "", "{}"u8, Given.Noon));
            await recorder.Flushed();
            Assert.Equal((1L, 0L), (recorder.Written, recorder.Lost));
        }

        var lines = await Read();
        Assert.Equal(Enumerable.Range(1, 6_001).Select(n => (long)n), lines.Select(line => line.Sequence));
        foreach (var connection in lines.Take(6_000).GroupBy(line => line.Connection))
        {
            Assert.Equal(Enumerable.Range(0, 1_500).Select(i => $"{i}"), connection.Select(line => line.Text));
        }

        Assert.Null(Recording.BrokenSeal(_source.File));
        Assert.Empty(_reports);
    }

    [Fact]
    public async Task A_line_comes_back_as_it_was_taken()
    {
        await using var recorder = new SqliteRecorder(_source, _reports.Add);
        foreach (var kind in Enum.GetValues<InputKind>()) recorder.Take(kind, "wss-1", Encoding.UTF8.GetBytes($"{{\"é\":\"{kind}\u0001\"}}"), Given.Noon);
        recorder.Take(InputKind.Rest, "", default, Given.Noon);
        await recorder.Flushed();

        var lines = await Read();
        var expected = Enum.GetValues<InputKind>().Select((kind, i) => new CaptureLine(i + 1, Given.Noon, "wss-1", kind, $"{{\"é\":\"{kind}\u0001\"}}"));
        Assert.Equal([.. expected, new CaptureLine(10, Given.Noon, "", InputKind.Rest, "")], lines);
    }

    [Fact]
    public async Task Bytes_that_are_not_utf8_are_kept_as_they_came()
    {
        await using var recorder = new SqliteRecorder(_source, _reports.Add);
        recorder.Take(InputKind.Market, "c", [0x7b, 0xff, 0x00, 0x7d], Given.Noon);
        await recorder.Flushed();

        Assert.Equal("7BFF007D | text", Assert.Single(Rows.Of(_source.File, "SELECT hex(CAST(m AS BLOB)), typeof(m) FROM events")));
        Assert.Null(Recording.BrokenSeal(_source.File));
    }

    [Fact]
    public async Task What_does_not_fit_is_counted_leaves_a_gap_and_is_reported_once()
    {
        await using (var recorder = new SqliteRecorder(_source, _reports.Add, entriesMax: 10))
        {
            // While somebody else holds the gate the writer cannot empty the buffer. It may hold one batch.
            var gate = await _source.OpenConnectionAsync(TestContext.Current.CancellationToken);
            for (var i = 0; i < 100; i++) recorder.Take(InputKind.Market, "c", "x"u8, Given.Noon);
            Assert.InRange(recorder.Lost, 80, 90);
            await gate.DisposeAsync();
            await recorder.Flushed();

            Assert.Equal(100, recorder.Written + recorder.Lost);
            Assert.Equal(101, recorder.Take(InputKind.Market, "c", "after"u8, Given.Noon));
        }

        var lines = await Read();
        Assert.Equal((1L, 101L), (lines[0].Sequence, lines[^1].Sequence));
        Assert.InRange(lines.Count, 12, 22);
        var loss = DomainJson.Read<RecordedLoss>(lines[^2].Text);
        Assert.Equal((100L, lines[^3].Sequence + 1, 100L), (lines[^2].Sequence, loss.First, loss.Last));
        Assert.Null(Recording.BrokenSeal(_source.File));
        Assert.Contains("inputs are being lost", Assert.Single(_reports), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_text_that_is_made_later_stands_where_it_was_taken_and_one_that_cannot_be_made_is_lost_alone()
    {
        await using var recorder = new SqliteRecorder(_source, _reports.Add);
        var gate = await _source.OpenConnectionAsync(TestContext.Current.CancellationToken);
        List<int> made = [];
        Assert.Equal(1, recorder.Take(InputKind.Call, "c", () => Made(1), 10, Given.Noon));
        Assert.Equal(2, recorder.Take(InputKind.Market, "c", "2"u8, Given.Noon));
        Assert.Equal(3, recorder.Take(InputKind.Call, "c", () => throw new FormatException("no such thing"), 10, Given.Noon));
        Assert.Equal(4, recorder.Take(InputKind.Turn, "c", () => Made(4), 10, Given.Noon));
        await gate.DisposeAsync();
        await recorder.Flushed();

        Assert.Equal([1, 4], made);
        Assert.Equal(["1é", "2", "{\"lost\":1,\"first\":3,\"last\":3}", "4é"], (await Read()).Select(line => line.Text));
        Assert.Equal((3L, 1L), (recorder.Written, recorder.Lost));
        Assert.Contains("no such thing", Assert.Single(_reports), StringComparison.Ordinal);
        Assert.Null(Recording.BrokenSeal(_source.File));

        string Made(int number)
        {
            made.Add(number);
            return $"{number}é";
        }
    }

    [Fact]
    public async Task The_buffer_is_bounded_in_bytes_too()
    {
        await using var recorder = new SqliteRecorder(_source, _reports.Add, bytesMax: 1_000);

        recorder.Take(InputKind.Market, "c", new byte[1_001], Given.Noon);
        recorder.Take(InputKind.Call, "c", () => "", 1_001, Given.Noon);

        Assert.Equal(2, recorder.Lost);
    }

    [Fact]
    public async Task A_disk_that_refuses_is_counted_and_reported_once_a_burst_and_later_inputs_are_kept()
    {
        await using var recorder = new SqliteRecorder(_source, _reports.Add);
        foreach (var burst in (int[])[1, 2])
        {
            Rows.Change(_source.File, "ALTER TABLE events RENAME TO hidden");
            foreach (var _ in (int[])[1, 2, 3])
            {
                recorder.Take(InputKind.Market, "c", "lost"u8, Given.Noon);
                await recorder.Flushed();
            }

            Rows.Change(_source.File, "ALTER TABLE hidden RENAME TO events");
            recorder.Take(InputKind.Market, "c", "kept"u8, Given.Noon);
            await recorder.Flushed();
            Assert.Equal(burst, _reports.Count);
        }

        Assert.Equal((2L, 6L), (recorder.Written, recorder.Lost));
        Assert.Equal(
            [(3L, "{\"lost\":3,\"first\":1,\"last\":3}"), (4L, "kept"), (7L, "{\"lost\":3,\"first\":5,\"last\":7}"), (8L, "kept")],
            (await Read()).Select(line => (line.Sequence, line.Text)));
        Assert.Null(Recording.BrokenSeal(_source.File));
    }

    [Theory]
    [InlineData("UPDATE events SET m = 'Xive' WHERE n = 5", 5)]
    [InlineData("UPDATE events SET t = t + 1 WHERE n = 5", 5)]
    [InlineData("UPDATE events SET c = c || 'm', s = 'market' WHERE n = 5", 5)]
    [InlineData("UPDATE events SET seal = zeroblob(16) WHERE n = 5", 5)]
    [InlineData("DELETE FROM events WHERE n = 5", 6)]
    [InlineData("DELETE FROM events WHERE n = 1", 2)]
    [InlineData("UPDATE events SET n = -4 WHERE n = 4; UPDATE events SET n = 4 WHERE n = 5; UPDATE events SET n = 5 WHERE n = -4", 4)]
    [InlineData("INSERT INTO events SELECT 11, t, c, s, m, seal FROM events WHERE n = 10", 11)]
    public async Task Seals_find_a_row_that_was_changed_dropped_swapped_or_added(string tampering, long broken)
    {
        await using (var recorder = new SqliteRecorder(_source, _reports.Add))
        {
            for (var i = 1; i <= 10; i++) recorder.Take(InputKind.User, "c", Encoding.UTF8.GetBytes($"input {i}"), new Instant(i));
        }

        Assert.Null(Recording.BrokenSeal(_source.File));
        Rows.Change(_source.File, tampering);

        Assert.Equal(broken, Recording.BrokenSeal(_source.File));
    }

    [Fact]
    public async Task Nothing_is_taken_after_the_end_and_it_is_counted()
    {
        var recorder = new SqliteRecorder(_source, _reports.Add);
        await recorder.DisposeAsync();

        recorder.Take(InputKind.Market, "c", "late"u8, Given.Noon);
        await recorder.Flushed();

        Assert.Equal(1, recorder.Lost);
    }

    private async Task<List<CaptureLine>> Read()
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(_source.File, TestContext.Current.CancellationToken)) lines.Add(line);
        return lines;
    }
}
