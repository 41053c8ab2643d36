using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>What others recorded becomes a recording of ours. Real ones are not ours to ship: tests over them are skipped where they are absent.</summary>
public sealed class CaptureImportTests : IDisposable
{
    private const string Book =
        """[{"market":"0xa","asset_id":"1","timestamp":"1780178255852","hash":"","bids":[{"price":"0.4","size":"10"}],"asks":[],"tick_size":"0.001","last_trade_price":"0.550","event_type":"book"}]""";

    private const string Change =
        """{"market":"0xa","price_changes":[{"asset_id":"1","price":"0.4","size":"0","side":"BUY","hash":"","best_bid":"0","best_ask":"1"},{"asset_id":"2","price":"0.6","size":"0","side":"SELL","hash":"","best_bid":"0","best_ask":"1"}],"timestamp":"1780178256000","event_type":"price_change"}""";

    private readonly Operator _person = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _person.Dispose();

    [Theory]
    [InlineData("edirent+Polytope/market_39.jsonl", null, 39, 1, 1)]
    [InlineData("ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl", null, 110, 14, 14)]
    [InlineData("ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl", "ENRICOBIGNOZZI+Polymarket/selection.json", 110, 14, 0)]
    [InlineData("edirent+Polytope-worldcup/filter_preflight_165749.jsonl", "edirent+Polytope-worldcup/meta/tokens.json", 60, 8, 0)]
    [InlineData("edirent+Polytope-worldcup/worldcup_30m_head.jsonl", "edirent+Polytope-worldcup/meta/tokens.json", 26, 8, 0)]
    public async Task A_foreign_recording_proves_as_much_after_its_import_as_before(string file, string? meta, long frames, int conditions, int guessed)
    {
        string[] with = meta is null ? [] : ["--meta", Captures.File(meta)];
        foreach (var target in (string[])["day.db", "day.jsonl.gz"])
        {
            var imported = await _person.Run(["capture", "import", Captures.File(file), "--out", target, "--json", .. with]);
            Assert.True(imported.ExitCode == 0, imported.Error);
            Assert.Equal(
                ("frames", frames, conditions, guessed),
                (imported.Json.GetProperty("source").GetString(), imported.Json.GetProperty("inputs").GetInt64(), imported.Json.GetProperty("conditions").GetInt32(), imported.Json.GetProperty("guessed").GetInt32()));

            var lines = await Lines(target);
            Assert.Equal(Enumerable.Range(1, (int)frames).Select(n => (long)n), lines.Select(line => line.Sequence));
            Assert.Equal(lines.OrderBy(line => line.At).Select(line => line.Sequence), lines.Select(line => line.Sequence));
            Assert.True(lines[0].At > Instant.FromMillis(1_700_000_000_000), $"{lines[0].At}");
        }

        Assert.Null(Recording.BrokenSeal(_person.Directory["day.db"]));
        Assert.Equal(await Lines("day.db"), await Lines("day.jsonl.gz"));
        Assert.Equal(Proofs(await _person.Run(["capture", "check", Captures.File(file), "--json", .. with])), Proofs(await _person.Run("capture", "check", _person.Directory["day.jsonl.gz"], "--json")));

        static string Proofs(Said said) => said.Json.GetProperty("proofs").GetRawText() + said.Json.GetProperty("events").GetRawText();
    }

    [Fact]
    public async Task Times_connections_fees_and_events_are_what_the_recorders_say()
    {
        await Import("ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl", "ENRICOBIGNOZZI+Polymarket/selection.json");
        var lines = await Lines("day.jsonl");
        Assert.Equal((1_790_267_379_153, 1_790_267_439_826, "import#1"), (lines[0].At.Millis, lines[^1].At.Millis, lines[0].Connection));
        var header = (await Recording.ReadHeader(_person.Directory["day.jsonl"], Stop))!;
        Assert.Equal([new FeeCurve(40_000, 1), new FeeCurve(70_000, 1)], header.Conditions.Select(market => market.Condition.Fee).Distinct().OrderBy(fee => fee?.RateMicros));
        Assert.Equal(14, header.Markets.Length);

        File.Delete(_person.Directory["day.jsonl"]);
        await Import("edirent+Polytope-worldcup/filter_preflight_165749.jsonl", "edirent+Polytope-worldcup/meta/tokens.json");
        var market = Assert.Single((await Recording.ReadHeader(_person.Directory["day.jsonl"], Stop))!.Markets);
        Assert.Equal(("30615", true, 8), (market.Id.Text, market.NegRisk, market.Conditions.Length));
    }

    [Fact]
    public async Task The_markets_of_another_days_list_can_be_told_by_its_own_words()
    {
        await File.WriteAllTextAsync(_person.Directory["frames.jsonl"], $"{Book}\n{Change}\n", Stop);
        var imported = await _person.Run(
            "capture", "import", "frames.jsonl", "--out", "day.jsonl", "--json", "--meta",
            Captures.File("Ligengxin96+polymarket-data-samples/BTC-5m-markets-2026-06-08.jsonl.gz"));

        Assert.True(imported.ExitCode == 0, imported.Error);
        Assert.Equal((293, 1), (imported.Json.GetProperty("conditions").GetInt32(), imported.Json.GetProperty("guessed").GetInt32()));
        var told = (await Recording.ReadHeader(_person.Directory["day.jsonl"], Stop))!.Conditions[0].Condition;
        Assert.Equal((new FeeCurve(70_000, 1), "Bitcoin Up or Down - June 7, 7:55PM-8:00PM ET"), (told.Fee, told.Question));
    }

    [Fact]
    public async Task What_frames_say_of_their_market_stands_where_nothing_else_does()
    {
        await File.WriteAllTextAsync(_person.Directory["frames.jsonl"], $"PONG\n\n{Book}\n\nnot json\n{Change}\n", Stop);

        var imported = await _person.Run("capture", "import", "frames.jsonl", "--out", "day.jsonl");

        Assert.Contains("1 conditions are known from their frames alone", imported.Output, StringComparison.Ordinal);
        var condition = Assert.Single((await Recording.ReadHeader(_person.Directory["day.jsonl"], Stop))!.Conditions).Condition;
        Assert.Equal(("0xa", "1", "2", new Price(10), "0.550", null), (condition.Id.Text, condition.Yes.Text, condition.No.Text, condition.Tick, condition.LastTrade, condition.Fee));
        Assert.Equal(
            [(1_780_178_255_852, "PONG"), (1_780_178_255_852, Book), (1_780_178_255_852, "not json"), (1_780_178_256_000, Change)],
            (await Lines("day.jsonl")).Select(line => (line.At.Millis, line.Text)));
    }

    [Fact]
    public async Task Envelopes_tell_time_and_connection_another_connection_is_a_gap_and_the_user_channel_is_known()
    {
        const string order = """{"event_type":"order","id":"0x1","market":"0xa"}""";
        await File.WriteAllLinesAsync(
            _person.Directory["frames.jsonl"],
            [
                JsonSerializer.Serialize(new { payload = Book, received_at = "2026-07-28T03:20:54.262903Z", connection_id = "a" }),
                JsonSerializer.Serialize(new { raw_frame = Change, recv_ms = 1_785_208_855_000, connection_id = "a" }),
                JsonSerializer.Serialize(new { raw_frame = Book, recv_ms = 1_785_208_854_000, connection_id = "b" }), // Its clock ran backwards.
                JsonSerializer.Serialize(new { raw_frame = order, recv_ms = 1_785_208_856_000, connection_id = "b" }),
            ], Stop);

        var imported = await _person.Run("capture", "import", "frames.jsonl", "--out", "day.jsonl", "--json");

        Assert.Equal((5L, 1), (imported.Json.GetProperty("inputs").GetInt64(), imported.Json.GetProperty("gaps").GetInt32()));
        Assert.Equal(
            [
                (1_785_208_854_262_903, "import#a", InputKind.Market), (1_785_208_855_000_000, "import#a", InputKind.Market),
                (1_785_208_855_000_000, "import", InputKind.Timer), (1_785_208_855_000_000, "import#b", InputKind.Market),
                (1_785_208_856_000_000, "import#b", InputKind.User),
            ],
            (await Lines("day.jsonl")).Select(line => (line.At.Micros, line.Connection, line.Kind)));
        Assert.Equal("""{"gap":"another connection","market":"0xa"}""", (await Lines("day.jsonl"))[2].Text);
    }

    [Theory]
    [InlineData("""{"payload":"PONG","payload_sha256":"00"}""", "line 2: the payload's SHA-256")]
    [InlineData("""{"payload":"PONG","received_at":"noon"}""", "line 2: noon is no time")]
    public async Task A_damaged_envelope_ends_the_import(string line, string says)
    {
        await File.WriteAllLinesAsync(_person.Directory["frames.jsonl"], [Book, line, Change], Stop);

        var imported = await _person.Run("capture", "import", "frames.jsonl", "--out", "day.jsonl");

        Assert.Equal(1, imported.ExitCode);
        Assert.Contains(says, Assert.Single(imported.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(File.Exists(_person.Directory["day.jsonl"]));
    }

    private async Task Import(string file, string meta)
    {
        var imported = await _person.Run("capture", "import", Captures.File(file), "--out", "day.jsonl", "--meta", Captures.File(meta));
        Assert.True(imported.ExitCode == 0, imported.Error);
    }

    private async Task<List<CaptureLine>> Lines(string name)
    {
        List<CaptureLine> lines = [];
        await foreach (var line in Recording.Read(_person.Directory[name], Stop)) lines.Add(line);
        return lines;
    }
}
