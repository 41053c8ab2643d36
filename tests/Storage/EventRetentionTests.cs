using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>Rows are an hour apart: row n is of n hours after noon.</summary>
public sealed class EventRetentionTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly GatedSqliteDataSource _source;

    public EventRetentionTests() => _source = _directory.Events();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _source.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task What_is_too_old_goes_and_the_rest_keeps_its_seals()
    {
        await Record(1, 48);
        var retention = new EventRetention(_source, TimeSpan.FromDays(1), bytesMax: long.MaxValue);

        Assert.Equal(0, await retention.Cut(Hour(25), Cancellation));
        Assert.Equal(23, await retention.Cut(Hour(48), Cancellation));
        Assert.Equal(0, await retention.Cut(Hour(48), Cancellation));

        Assert.Equal((24L, 48L), await Ends());
        Assert.Null(Recording.BrokenSeal(_source.File));
    }

    [Theory]
    [InlineData("DELETE FROM events WHERE n = 24", 25)]
    [InlineData("UPDATE events SET m = 'x' WHERE n = 24", 24)]
    [InlineData("UPDATE anchor SET seal = zeroblob(16)", 24)]
    [InlineData("DELETE FROM anchor", 24)]
    public async Task A_row_that_goes_otherwise_shows(string tampering, long broken)
    {
        await Record(1, 48);
        await new EventRetention(_source, TimeSpan.FromDays(1), long.MaxValue).Cut(Hour(48), Cancellation);

        Rows.Change(_source.File, tampering);

        Assert.Equal(broken, Recording.BrokenSeal(_source.File));
    }

    [Fact]
    public async Task Numbers_and_seals_go_on_after_everything_went()
    {
        await Record(1, 10);
        await new EventRetention(_source, TimeSpan.FromDays(1), long.MaxValue).Cut(Hour(1_000), Cancellation);
        Assert.Equal(["0"], Rows.Of(_source.File, "SELECT count(*) FROM events"));

        await Record(11, 2);

        Assert.Equal((11L, 12L), await Ends());
        Assert.Null(Recording.BrokenSeal(_source.File));
    }

    [Fact]
    public async Task A_file_that_is_too_big_loses_its_oldest_rows_batch_by_batch_until_it_fits_and_does_not_grow()
    {
        await Record(1, 5_000, bytes: 1_000);
        var retention = new EventRetention(_source, TimeSpan.FromDays(3_650), bytesMax: 3_000_000);
        List<int> batches = [];
        while (await retention.Cut(Hour(0), Cancellation) is > 0 and var rows) batches.Add(rows);

        Assert.InRange(batches.Count, 2, 4);
        Assert.All(batches, rows => Assert.Equal(1_000, rows));
        Assert.Equal((batches.Count * 1_000) + 1, (await Ends()).First);
        Assert.Null(Recording.BrokenSeal(_source.File));

        var pages = Rows.Of(_source.File, "SELECT page_count FROM pragma_page_count");
        await Record(5_001, batches.Count * 900, bytes: 1_000);
        Assert.Equal(pages, Rows.Of(_source.File, "SELECT page_count FROM pragma_page_count")); // What was freed is written to again.
    }

    [Fact]
    public async Task The_recorder_goes_on_while_rows_are_deleted()
    {
        await Record(1, 3_000);
        var retention = new EventRetention(_source, TimeSpan.FromHours(1), long.MaxValue);
        await using (var recorder = new SqliteRecorder(_source, _ => { }, batchMax: 10))
        {
            var writing = Task.Run(
                async () =>
                {
                    for (var n = 3_001; n <= 4_000; n++)
                    {
                        recorder.Take(InputKind.Market, "c", "x"u8, Hour(n));
                        if (n % 10 == 0) await recorder.Flushed();
                    }
                },
                Cancellation);
            while (await retention.Cut(Hour(3_001), Cancellation) > 0)
            {
            }

            await writing;
            Assert.Equal((1_000L, 0L), (recorder.Written, recorder.Lost));
        }

        Assert.Equal((3_000L, 4_000L), await Ends());
        Assert.Null(Recording.BrokenSeal(_source.File));
    }

    [Fact]
    public async Task A_reader_says_what_was_deleted_before_it_came_there_and_nothing_else()
    {
        await Record(1, 1_100);
        using var reader = RecordingReader.Open(_source.File);
        var batch = new InputBatch();

        await CutTo(10);
        Assert.Equal(11, Next()); // It begins where the recording does.
        await CutTo((int)batch.Inputs[^1].Sequence);
        var second = Next();
        Assert.Equal(267, second);

        Rows.Change(_source.File, "DELETE FROM events WHERE n BETWEEN 500 AND 530");
        Assert.Equal(531, Next()); // Retention did not make this hole.

        var (last, cut) = (batch.Inputs[^1].Sequence, 900);
        await CutTo(cut);
        var says = Assert.Throws<StorageException>(() => Next()).Message;
        Assert.Contains($"n {last + 1} to {cut} were deleted", says, StringComparison.Ordinal);

        long? Next() => reader.Read(batch) ? batch.Inputs[0].Sequence : null;
    }

    [Fact]
    public async Task A_reader_at_the_end_misses_nothing_that_goes_behind_it()
    {
        await Record(1, 20);
        using var reader = RecordingReader.Open(_source.File);
        var batch = new InputBatch();
        Assert.True(reader.Read(batch));

        await CutTo(20);
        Assert.False(reader.Read(batch));
        await Record(21, 5);
        await CutTo(25);
        Assert.Throws<StorageException>(() => reader.Read(batch)); // Five came and went.
    }

    [Fact]
    public async Task So_does_a_reader_line_by_line()
    {
        await Record(1, 1_100);
        var lines = Recording.Read(_source.File, Cancellation).GetAsyncEnumerator(Cancellation);
        await using (lines)
        {
            for (var n = 1; n <= 500; n++) Assert.True(await lines.MoveNextAsync());
            await CutTo(900);
            await Assert.ThrowsAsync<StorageException>(async () =>
            {
                while (await lines.MoveNextAsync())
                {
                }
            });
        }
    }

    /// <summary>Rows of a page may be deleted before the anchor is asked for: they were read.</summary>
    [Theory]
    [InlineData(20, null, false)]
    [InlineData(19, null, true)]
    [InlineData(19, 21L, true)]
    [InlineData(15, 19L, false)] // A hole before them, made by somebody else.
    [InlineData(15, 16L, false)]
    public async Task Only_what_was_deleted_before_the_page_is_missing(long last, long? first, bool isMissing)
    {
        await Record(1, 20);
        await CutTo(20);
        using var connection = ReadOnlyDatabase.Open(_source.File);
        Assert.Equal(isMissing, Xunit.Record.Exception(() => Anchor.Follows(connection, "x", last, first)) is StorageException);
    }

    [Fact]
    public async Task The_older_half_is_by_age_or_by_size_whatever_ends_first()
    {
        var byAge = new EventRetention(_source, TimeSpan.FromHours(20), long.MaxValue);
        Assert.Equal(0, byAge.OlderHalf(Hour(48))); // Nothing is there.

        await Record(1, 1_000, bytes: 1_000);
        Assert.Equal(0, byAge.OlderHalf(Hour(11)));
        Assert.Equal(1, byAge.OlderHalf(Hour(12)));
        Assert.Equal(989, byAge.OlderHalf(Hour(1_000)));
        Assert.Equal(1_000, byAge.OlderHalf(Hour(2_000)));

        var bySize = new EventRetention(_source, TimeSpan.FromDays(3_650), bytesMax: 1_200_000);
        Assert.InRange(bySize.OlderHalf(Hour(1_000)), 400, 700);
    }

    private async Task CutTo(int last)
    {
        var retention = new EventRetention(_source, TimeSpan.FromHours(1), long.MaxValue);
        await retention.Cut(Hour(last + 2), Cancellation);
        Assert.Equal([$"{last}"], Rows.Of(_source.File, "SELECT n FROM anchor"));
    }

    private static Instant Hour(int hours) => Given.Noon + TimeSpan.FromHours(hours);

    private async Task Record(int first, int count, int bytes = 10)
    {
        await using var recorder = new SqliteRecorder(_source, _ => { });
        for (var n = first; n < first + count; n++) recorder.Take(InputKind.Market, "c", Encoding.UTF8.GetBytes(new string('x', bytes)), Hour(n));
        await recorder.Flushed();
        Assert.Equal(0, recorder.Lost);
    }

    private async Task<(long First, long Last)> Ends()
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(_source.File, Cancellation)) lines.Add(line);
        return (lines[0].Sequence, lines[^1].Sequence);
    }
}
