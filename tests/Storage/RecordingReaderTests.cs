using System.IO.Compression;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The stream against JSON's own reader, line by line: both say the same of whatever a capture holds.</summary>
public sealed class RecordingReaderTests : IDisposable
{
    private const string Header = """{"polyarb_capture":1,"markets":[]}""";

    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    /// <summary>As it is written, with keys in another order, with spaces, and with every kind of escape at every place of a block of 64 bytes.</summary>
    [Fact]
    public void Lines_of_every_kind_are_read_alike()
    {
        List<string> lines =
        [
            """{"n":1,"t":1767268800000000,"c":"m1","s":"market","m":"[{\"event_type\":\"book\"}]"}""",
            """{"s":"turn","m":"{}","n":2,"c":"","t":1767268800000001,"more":[1,{"a":2}]}""",
            """{ "n": 3, "t": 1767268800000002, "c": "ü\"", "s": "user", "m": "ü \\ \/ \u00e4 \n" }""",
            """{"n":4,"t":1767268800000003,"c":"","s":"timer","m":""}""",
            "",
        ];
        foreach (var odd in (string[])["\\\"", "\\\\", "\\\\\\\"", "\\n", "\\u0041", "\\\"\\\""])
        {
            for (var before = 0; before < 130; before++)
                lines.Add($$"""{"n":{{lines.Count}},"t":{{before}},"c":"{{before % 20}}","s":"rest","m":"{{new string('x', before)}}{{odd}}{{new string('y', before % 70)}}"}""");
        }

        foreach (var (name, end) in new[] { ("lines.jsonl", "\n"), ("lines.jsonl.gz", "\r\n") })
        {
            Write(name, string.Join(end, lines.Prepend(Header))); // Without an end of the last line.
            Assert.Equal(Expected(lines), Streamed(name));
        }
    }

    [Fact]
    public void Texts_that_are_longer_than_a_batch_are_read_whole()
    {
        var lines = Enumerable.Range(1, 5).Select(n => $$"""{"n":{{n}},"t":{{n}},"c":"0","s":"market","m":"{{new string('z', n * 400_000)}}\"{{n}}"}""");
        Write("long.jsonl", string.Join('\n', lines.Prepend(Header)));

        Assert.Equal(Expected(lines), Streamed("long.jsonl"));
    }

    [Fact]
    public async Task A_database_is_read_alike()
    {
        var expected = Enumerable.Range(1, 1_000).Select(n => new CaptureLine(
            n, Given.Noon + TimeSpan.FromMilliseconds(n), $"m{n % 3}", (InputKind)(n % 9), $"{{\"ü\":\"{n}\"}}")).ToArray();
        var file = _directory["events.db"];
        Schema.PrepareEvents(file);
        await using (var source = GatedSqliteDataSource.Fast(file))
        await using (var recorder = new SqliteRecorder(source, _ => { }))
        {
            foreach (var line in expected) recorder.Take(line.Kind, line.Connection, Encoding.UTF8.GetBytes(line.Text), line.At);
            await recorder.Flushed();
        }

        Assert.Equal(expected, Streamed("events.db"));
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"n":1,"t":2,"c":"","s":"market"}""")]
    [InlineData("""{"n":1,"t":2,"s":"market","m":""}""")]
    [InlineData("""{"n":1,"t":2,"c":"","s":"nothing","m":""}""")]
    [InlineData("""{"n":1,"t":2,"c":"","s":"market","m":"a"b"}""")]
    [InlineData("""{"n":1,"t":2,"c":"","s":"market","m":"\"}""")]
    [InlineData("""{"n":1,"t":2,"c":"","s":"market","m":"\x"}""")]
    [InlineData("""{"n":1,"t":2,"c":"","s":"market","m":null}""")]
    public void What_is_no_line_of_a_capture_is_named_by_its_number(string line)
    {
        Write("broken.jsonl", $"{Header}\n{line}\n");
        Assert.StartsWith($"{_directory["broken.jsonl"]}: line 2 is not of a capture", Assert.Throws<StorageException>(() => Streamed("broken.jsonl")).Message);
    }

    private List<CaptureLine> Streamed(string name)
    {
        List<CaptureLine> all = [];
        using var reader = RecordingReader.Open(_directory[name]);
        var batch = new InputBatch();
        while (reader.Read(batch))
        {
            foreach (var (n, at, kind, text, connection) in batch.Inputs) all.Add(new CaptureLine(n, at, connection, kind, Encoding.UTF8.GetString(text.Span)));
        }

        return all;
    }

    private static List<CaptureLine> Expected(IEnumerable<string> lines) => [.. lines.Where(line => line.Length > 0).Select(line =>
    {
        var row = JsonDocument.Parse(line).RootElement;
        Assert.True(InputKinds.TryRead(row.GetProperty("s").GetString()!, out var kind));
        return new CaptureLine(
            row.GetProperty("n").GetInt64(), new Instant(row.GetProperty("t").GetInt64()), row.GetProperty("c").GetString()!, kind, row.GetProperty("m").GetString()!);
    })];

    private void Write(string name, string text)
    {
        using var file = File.Create(_directory[name]);
        using var packed = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionLevel.Fastest) : null;
        ((Stream?)packed ?? file).Write(Encoding.UTF8.GetBytes(text));
    }
}
