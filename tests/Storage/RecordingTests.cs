using System.IO.Compression;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class RecordingTests : IDisposable
{
    private const string Capture =
        """
        {"polyarb_capture":1,"markets":[{"condition":"0xa","question":"A?","event":"E","negRiskMarketId":"0xe","questionIndex":1,"tokens":["1","2"],"tick":"0.001","minOrderSize":"5","negRisk":true,"fee":{"rate":"0.02","exponent":1},"lastTrade":"0.550"},{"condition":"0xb","question":"B?","event":"E","negRiskMarketId":"0xe","questionIndex":0,"tokens":["3","4"],"tick":"0.01","minOrderSize":"5","negRisk":true,"fee":null,"lastTrade":null},{"condition":"0xc","question":"C?","event":null,"negRiskMarketId":null,"questionIndex":null,"tokens":["5","6"],"tick":"0.01","minOrderSize":"15","negRisk":false,"fee":{"rate":"0","exponent":1},"lastTrade":null}]}
        {"n":1,"t":1767268800000000,"c":"m1","s":"market","m":"[{\"event_type\":\"book\"}]"}
        {"n":2,"t":1767268800000001,"c":"","s":"turn","m":"{\"turn\":1}"}

        """;

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("plain.jsonl")]
    [InlineData("packed.jsonl.gz")]
    public async Task A_capture_is_read_plain_or_packed(string name)
    {
        await Write(name, Capture);

        Assert.Equal(
            [
                new CaptureLine(1, new Instant(1_767_268_800_000_000), "m1", InputKind.Market, "[{\"event_type\":\"book\"}]"),
                new CaptureLine(2, new Instant(1_767_268_800_000_001), "", InputKind.Turn, "{\"turn\":1}"),
            ],
            await Read(name));
    }

    [Fact]
    public async Task The_header_gives_conditions_and_the_markets_they_make_up()
    {
        await Write("a.jsonl", Capture);

        var header = await Recording.ReadHeader(_directory["a.jsonl"], TestContext.Current.CancellationToken);

        Assert.Equal(["0xe", "0xc"], header!.Markets.Select(market => market.Id.Text));
        Assert.Equal(["E", "C?"], header.Markets.Select(market => market.Title));
        Assert.Equal(["0xb", "0xa"], header.Markets[0].Conditions.Select(condition => condition.Id.Text));
        var first = header.Conditions[0].Condition;
        Assert.Equal((new Price(10), new FeeCurve(20_000, 1), "0.550", 1), (first.Tick, first.Fee, first.LastTrade, first.QuestionIndex));
        Assert.Null(header.Conditions[1].Condition.Fee);
        Assert.Equal(Size.Shares(15), header.Conditions[2].Condition.MinOrderSize);
    }

    [Theory]
    [InlineData("out.jsonl")]
    [InlineData("out.jsonl.gz")]
    public async Task What_is_written_is_what_was_read(string name)
    {
        var stop = TestContext.Current.CancellationToken;
        await Write("in.jsonl", Capture);
        var header = await Recording.ReadHeader(_directory["in.jsonl"], stop);

        await CaptureFile.Write(_directory[name], header!, Recording.Read(_directory["in.jsonl"], stop), stop);

        Assert.Equal(await Read("in.jsonl"), await Read(name));
        Assert.Equal(header!.Conditions, (await Recording.ReadHeader(_directory[name], stop))!.Conditions);
        Assert.Equal(name.EndsWith(".gz", StringComparison.Ordinal), File.ReadAllBytes(_directory[name])[0] == 0x1f);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"polyarb_capture\":2,\"markets\":[]}", "version 2")]
    [InlineData("not json", "line 1")]
    [InlineData("{\"n\":1}", "line 1")]
    [InlineData("{\"polyarb_capture\":1,\"markets\":[{\"condition\":\"0xa\",\"tokens\":[\"1\"],\"negRisk\":false,\"tick\":\"0.01\"}]}", "line 1")]
    public async Task A_file_that_is_no_capture_is_refused_in_one_line(string text, string says)
    {
        await Write("bad.jsonl", text);

        var refusal = await Assert.ThrowsAsync<StorageException>(() => Recording.ReadHeader(_directory["bad.jsonl"], TestContext.Current.CancellationToken));

        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task A_bad_line_is_named_after_the_good_ones_before_it()
    {
        await Write("bad.jsonl", Capture.TrimEnd() + "\n{\"n\":3,\"t\":1,\"c\":\"\",\"s\":\"gossip\",\"m\":\"\"}");
        List<CaptureLine> lines = [];

        var refusal = await Assert.ThrowsAsync<StorageException>(async () =>
        {
            await foreach (var line in Recording.Read(_directory["bad.jsonl"], TestContext.Current.CancellationToken)) lines.Add(line);
        });

        Assert.Equal(2, lines.Count);
        Assert.Contains("line 4", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("gossip", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_packed_capture_that_breaks_off_is_refused()
    {
        await Write("cut.jsonl.gz", Capture);
        var bytes = await File.ReadAllBytesAsync(_directory["cut.jsonl.gz"], TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(_directory["cut.jsonl.gz"], bytes[..(bytes.Length / 2)], TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<StorageException>(() => Read("cut.jsonl.gz"));
    }

    [Fact]
    public async Task A_recording_is_read_while_it_is_written_and_from_a_copy_in_a_directory_of_its_own()
    {
        using var source = _directory.Events();
        await using (var recorder = new SqliteRecorder(source, _ => { }))
        {
            for (var i = 0; i < 1_200; i++) recorder.Take(InputKind.Market, "c", Encoding.UTF8.GetBytes($"{i}"), Given.Noon);
            await recorder.Flushed();
            Assert.Equal(1_200, (await Read("events.db")).Count);
        }

        source.Dispose();
        var elsewhere = Directory.CreateDirectory(_directory["copy"]).FullName;
        File.Copy(source.File, Path.Combine(elsewhere, "copied.db"));

        Assert.Equal(1_200, (await Read("copy/copied.db")).Count);
        Assert.Null(Recording.BrokenSeal(Path.Combine(elsewhere, "copied.db")));
        Assert.Null(await Recording.ReadHeader(Path.Combine(elsewhere, "copied.db"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_missing_recording_is_named()
    {
        var refusal = await Assert.ThrowsAsync<StorageException>(() => Read("nothing.db"));

        Assert.Contains("nothing.db does not exist", refusal.Message, StringComparison.Ordinal);
    }

    private async Task Write(string name, string text)
    {
        await using var file = File.Create(_directory[name]);
        await using var gzip = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : null;
        await ((Stream?)gzip ?? file).WriteAsync(Encoding.UTF8.GetBytes(text));
    }

    private async Task<List<CaptureLine>> Read(string name)
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(_directory[name], TestContext.Current.CancellationToken)) lines.Add(line);
        return lines;
    }
}
