using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;
using PolyArb.Grains;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Storage;
using PolyArb.Tests.Storage;
using Xunit;
using Given = PolyArb.Tests.Domain.Given;

namespace PolyArb.Tests.Client;

/// <summary>A desk and a portfolio are recorded, a second a turn; then somebody makes a capture of it, and an events.db of that.</summary>
public sealed class CaptureExportTests : IDisposable
{
    private readonly Operator _person = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _person.Dispose();

    [Theory]
    [InlineData("day.jsonl")]
    [InlineData("day.jsonl.gz")]
    public async Task What_is_exported_and_imported_again_replays_to_the_same_digest(string capture)
    {
        var live = await Record();

        var exported = await _person.Run("capture", "export", "--out", capture, "--json");
        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.Equal((20L, 1L, 20L), (exported.Json.GetProperty("inputs").GetInt64(), exported.Json.GetProperty("firstN").GetInt64(), exported.Json.GetProperty("lastN").GetInt64()));
        Assert.Equal(2, exported.Json.GetProperty("conditions").GetInt32());
        var imported = await _person.Run("capture", "import", capture, "--out", "again.db", "--json");
        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.Equal(("capture", 20L), (imported.Json.GetProperty("source").GetString(), imported.Json.GetProperty("inputs").GetInt64()));
        Assert.Equal(0, (await _person.Run("capture", "import", "again.db", "--out", "again.jsonl")).ExitCode);

        Assert.Null(Recording.BrokenSeal(In("again.db")));
        Assert.Equal(live, (await Play("data/events.db")).Digest);
        foreach (var file in (string[])[capture, "again.db", "again.jsonl"])
        {
            var day = await Play(file);
            Assert.Null(day.Divergence);
            Assert.Equal((live, 0L), (day.Digest, day.Uncovered + day.Portfolio.Uncovered));
            Assert.Equal(Given.Market().Id, Assert.Single((await Recording.ReadHeader(In(file), Stop))!.Markets).Id);
        }

        Assert.Equal(["again.db", "again.jsonl", "data", "data/events.db", capture], Files());
    }

    [Fact]
    public async Task A_part_has_its_own_time_and_says_what_it_cannot_cover()
    {
        await Record();

        var exported = await _person.Run(
            "capture", "export", "--data", "data", "--out", "part.jsonl", "--from", Given.After(3).ToString(), "--to", $"{Given.After(5).Millis}", "--json");

        Assert.True(exported.ExitCode == 0, exported.Error);
        Assert.All(await Lines("part.jsonl"), line => Assert.InRange(line.At.Micros, Given.After(3).Micros, Given.After(5).Micros - 1));
        Assert.Equal(10, (await Lines("part.jsonl")).Count);
        var day = await Play("part.jsonl");
        Assert.Null(day.Divergence);
        Assert.Equal((2L, 2L), (day.Uncovered, day.Portfolio.Uncovered));
        Assert.Single((await Recording.ReadHeader(In("part.jsonl"), Stop))!.Markets); // Though it was opened before.
    }

    /// <summary>An exported capture has no seals.</summary>
    [Fact]
    public async Task A_flipped_byte_in_a_turn_of_an_exported_capture_shows_at_its_number()
    {
        await Record();
        await _person.Run("capture", "export", "--out", "day.jsonl");
        var text = await File.ReadAllLinesAsync(In("day.jsonl"), Stop);
        for (var line = 3; line < text.Length; line++)
        {
            var changed = text.ToArray();
            changed[line] = changed[line].Replace("\\\"now\\\":17", "\\\"now\\\":18", StringComparison.Ordinal).Replace("\\\"case\\\":\\\"", "\\\"case\\\":\\\"X", StringComparison.Ordinal);
            if (changed[line] == text[line]) continue;

            await File.WriteAllLinesAsync(In("changed.jsonl"), changed, Stop);
            Assert.InRange((await Play("changed.jsonl")).Divergence?.Sequence ?? 0, line - 1, line + 1);
        }
    }

    [Fact]
    public async Task A_recording_that_was_changed_is_exported_and_said_to_be()
    {
        await Record();
        Rows.Change(In("data/events.db"), "UPDATE events SET t = t + 1 WHERE n = 5");

        var exported = await _person.Run("capture", "export", "--out", "day.jsonl", "--json");

        Assert.Equal((1, 5L), (exported.ExitCode, exported.Json.GetProperty("brokenSeal").GetInt64()));
        Assert.Equal(20, (await Lines("day.jsonl")).Count);
    }

    [Theory]
    [InlineData(2, "--out", "export", "--out", "day.txt")]
    [InlineData(2, "--from", "export", "--out", "day.jsonl", "--from", "yesterday")]
    [InlineData(2, "--data and --events", "export", "--out", "day.jsonl", "--data", "data", "--events", "x.db")]
    [InlineData(2, "no such directory", "export", "--out", "day.jsonl", "--data", "elsewhere")]
    [InlineData(1, "does not exist", "export", "--out", "day.jsonl", "--events", "nothing.db")]
    [InlineData(1, "exists already", "export", "--out", "there.jsonl")]
    [InlineData(1, "exists already", "import", "there.jsonl", "--out", "data/events.db")]
    [InlineData(1, "cannot be written", "export", "--out", "no/where.jsonl")]
    [InlineData(2, "--out", "import", "there.jsonl", "--out", "day.sqlite")]
    [InlineData(1, "nothing.jsonl", "import", "nothing.jsonl", "--out", "new.db")]
    [InlineData(1, "no frames", "import", "there.jsonl", "--out", "new.db")]
    [InlineData(1, "line 2", "import", "torn.jsonl", "--out", "new.db")]
    [InlineData(1, "out of order", "import", "disordered.jsonl", "--out", "new.db")]
    public async Task What_cannot_be_done_is_one_line_and_leaves_nothing_behind(int code, string says, params string[] arguments)
    {
        await Record();
        await File.WriteAllTextAsync(In("there.jsonl"), "PONG\n", Stop);
        await File.WriteAllTextAsync(In("torn.jsonl"), "{\"polyarb_capture\":1,\"markets\":[]}\n{\"n\":1,\"t\"\n", Stop);
        await File.WriteAllTextAsync(
            In("disordered.jsonl"),
            "{\"polyarb_capture\":1,\"markets\":[]}\n{\"n\":2,\"t\":1,\"c\":\"\",\"s\":\"market\",\"m\":\"\"}\n{\"n\":1,\"t\":1,\"c\":\"\",\"s\":\"market\",\"m\":\"\"}\n", Stop);
        var before = Files();

        var said = await _person.Run(["capture", .. arguments]);

        Assert.Equal(code, said.ExitCode);
        Assert.Contains(says, Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Equal("", said.Output);
        Assert.Equal(before, Files());
    }

    /// <summary>But those that a reader of a database may leave beside it.</summary>
    private string[] Files() =>
    [
        .. Directory.GetFileSystemEntries(_person.Directory.Root, "*", SearchOption.AllDirectories)
            .Where(name => !name.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal))
            .Select(name => Path.GetRelativePath(_person.Directory.Root, name)).Order(StringComparer.Ordinal),
    ];

    private string In(string name) => _person.Directory[name];

    /// <summary>Two openings, and then five rows a second: a desk's tick and turn, a portfolio's call, answer and turn. Returns the live digest.</summary>
    private async Task<string> Record()
    {
        Directory.CreateDirectory(In("data"));
        Schema.PrepareEvents(In("data/events.db"));
        using var source = GatedSqliteDataSource.Fast(In("data/events.db"));
        await using var recorder = new SqliteRecorder(source, Assert.Fail);
        var (desks, portfolios) = (new TurnRecorder(recorder), new PortfolioRecorder(recorder));
        var (opened, begun) = (new DeskInput.Opened(Given.Market(Given.Condition(0), Given.Condition(1)), Given.Policy), new PortfolioOpened(1, Given.Limits, Given.Breakers));
        desks.Input(Given.Event, opened, Given.Noon);
        portfolios.Opened(begun, Given.Noon);
        var (desk, portfolio) = (new MarketDesk(opened), new Portfolio(begun));
        for (var second = 2; second <= 4; second++) Turn(second);
        recorder.Take(InputKind.Market, "m1", "PONG"u8, Given.After(5));
        recorder.Take(InputKind.User, "u1", Encoding.UTF8.GetBytes("{\"é\":\"\\\"\"}"), Given.After(5));
        recorder.Take(InputKind.Rest, "", default, Given.After(5));
        await recorder.Flushed();
        return DecisionDigest.Combine([KeyValuePair.Create(Given.Event.Text, desk.Digest.Head), KeyValuePair.Create("portfolio", portfolios.Digest!)]);

        void Turn(int second)
        {
            var now = Given.After(second);
            var (number, text) = desks.Input(Given.Event, new DeskInput.Tick(), now);
            desks.Turn(desk, number, number, now, desk.Turn(new DeskInput.Tick(), text, now));
            var call = new PortfolioCall.Reserve(Given.Proposal(Purpose.Open) with { SeenAt = now });
            portfolios.Turn(call, portfolio.Serve(call, now), now);
        }
    }

    private async Task<List<CaptureLine>> Lines(string name)
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(In(name), Stop)) lines.Add(line);
        return lines;
    }

    private async Task<TradingDay> Play(string name)
    {
        var day = new TradingDay(MarketFrame.TryRead);
        foreach (var line in await Lines(name)) day.Play(line);
        return day;
    }
}
