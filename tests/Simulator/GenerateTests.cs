using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using PolyArb.Simulator.Recordings;
using PolyArb.Simulator.World;
using PolyArb.Tests.EndToEnd;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class GenerateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("polyarb-generate").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void The_same_seed_writes_the_same_bytes_and_exactly_as_many_lines_as_asked_for()
    {
        var (first, again, other) = (Write("a.jsonl", seed: 3), Write("b.jsonl", seed: 3), Write("c.jsonl", seed: 4));

        Assert.Equal(2_001, File.ReadLines(first).Count());
        Assert.Equal(Digest(first), Digest(again));
        Assert.NotEqual(Digest(first), Digest(other));
    }

    [Fact]
    public void A_gzipped_capture_holds_the_same_lines()
    {
        using var gzip = new StreamReader(new GZipStream(File.OpenRead(Write("a.jsonl.gz", seed: 3)), CompressionMode.Decompress));

        Assert.Equal(File.ReadAllText(Write("a.jsonl", seed: 3)), gzip.ReadToEnd());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(10)]
    [InlineData(22)]
    [InlineData(60)]
    public void It_lists_as_many_conditions_as_asked_for_and_never_a_part_of_an_event(int count)
    {
        using var header = Header(Write("a.jsonl", seed: 3, conditions: count));

        var markets = header.RootElement.GetProperty("markets").EnumerateArray().ToArray();
        Assert.Equal(count, markets.DistinctBy(m => m.Text("condition")).Count());
        var events = markets.Where(m => m.GetProperty("negRisk").GetBoolean()).GroupBy(m => m.Text("event")).Select(g => (g.Key, g.Count()));
        Assert.All(events, e => Assert.Equal(e.Key.Contains("leadership") ? 5 : e.Key.Contains("medal") ? 4 : 6, e.Item2));
    }

    [Fact]
    public void Every_hash_in_a_capture_is_that_of_the_book_its_frames_lead_to()
    {
        var file = Write("a.jsonl", seed: 8, frames: 4_000);
        using var header = Header(file);
        var negRisk = header.RootElement.GetProperty("markets").EnumerateArray().ToDictionary(m => m.Text("condition"), m => m.GetProperty("negRisk").GetBoolean());
        Dictionary<string, WatchedBook> books = [];
        var proofs = 0;
        foreach (var frame in Frames(file))
        {
            if (frame.Text("event_type") == "book")
            {
                if (books.TryGetValue(frame.Text("asset_id"), out var known)) known.Again(frame);
                else books.Add(frame.Text("asset_id"), new WatchedBook(frame, negRisk[frame.Text("market")]));
                Assert.True(books[frame.Text("asset_id")].Proves(frame.Text("timestamp"), frame.Text("hash")));
            }
            else if (frame.Text("event_type") == "price_change")
            {
                foreach (var change in frame.GetProperty("price_changes").EnumerateArray())
                {
                    var book = books[change.Text("asset_id")];
                    book.Apply(change);
                    if (book.Proves(frame.Text("timestamp"), change.Text("hash"))) proofs++;
                }
            }
        }

        Assert.InRange(proofs, 5_000, 8_000); // The levels of a match before its last one, and its new last trade, are proven by the book after it.
    }

    [Fact]
    public void Markets_that_are_listed_on_the_way_are_in_the_first_line_and_heard_from_then_on()
    {
        var path = Path.Combine(_folder, "series.jsonl");
        var scenario = ScenarioFile.Read("x.yaml", "description: d\nflow: {changes_per_second: 50}\nseries: [{asset: A, life_seconds: 5}]");
        Generator.Run(path, 3, 1_500, scenario, Stop);
        using var header = Header(path);

        var markets = header.RootElement.GetProperty("markets").EnumerateArray().Select(m => m.Text("condition")).ToArray();
        Assert.InRange(markets.Length, 4, 10);
        var booked = Frames(path).Where(f => f.Text("event_type") == "book").Select(f => f.Text("market")).Distinct();
        Assert.Equal(markets, booked);
    }

    [Theory]
    [InlineData("--events takes 1 to 1000000000", "--events", "0", "--out", "x")]
    [InlineData("--events takes 1 to 1000000000", "--events", "many", "--out", "x")]
    [InlineData("--markets takes 1 to 5000", "--events", "5", "--out", "x", "--markets", "0")]
    [InlineData("--out", "--events", "5")]
    public async Task A_bad_argument_is_refused_with_one_line(string says, params string[] arguments)
    {
        await using var program = Programs.Exchange(["generate", .. arguments]);

        var ended = await program.End(Stop);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains(says, ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.Trim().Split('\n'));
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_said_in_one_line()
    {
        await using var program = Programs.Exchange("generate", "--events", "5", "--out", Path.Combine(_folder, "no", "such", "folder.jsonl"));

        var ended = await program.End(Stop);

        Assert.Equal(1, ended.ExitCode);
        Assert.StartsWith("cannot write", ended.Error, StringComparison.Ordinal);
        Assert.Single(ended.Error.Trim().Split('\n'));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, ulong seed, long frames = 2_000, int? conditions = null)
    {
        var path = Path.Combine(_folder, name);
        var scenario = ScenarioFile.Load("default");
        Generator.Run(path, seed, frames, conditions is { } count ? scenario.Resized(count) : scenario, Stop);
        return path;
    }

    private static string Digest(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    private static JsonDocument Header(string path) => JsonDocument.Parse(File.ReadLines(path).First());

    private static IEnumerable<JsonElement> Frames(string path)
    {
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var frame = JsonElement.Parse(JsonElement.Parse(line).Text("m"));
            if (frame.ValueKind is JsonValueKind.Array) foreach (var book in frame.EnumerateArray()) yield return book;
            else yield return frame;
        }
    }
}
