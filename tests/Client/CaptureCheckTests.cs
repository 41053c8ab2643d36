using System.Text.Json;
using PolyArb.Client.Capture;
using PolyArb.Domain;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>Real recordings of third parties, proven by the venue's own hashes. Not ours to ship: skipped where they are absent.</summary>
public class CaptureCheckTests
{
    [Fact]
    public async Task A_single_market_proves_35_changes()
    {
        var report = await Check("edirent+Polytope/market_39.jsonl");
        Assert.Equal((39, 1, 35), (report.Frames, report.Events["book"], report.Events["price_change"]));
        Assert.Equal((31, 0), (report.Proofs["ok"], report.Proofs["failed"]));
    }

    [Theory]
    [InlineData("ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl", null, 79)]
    [InlineData("edirent+Polytope-worldcup/filter_preflight_165749.jsonl", "edirent+Polytope-worldcup/meta/tokens.json", 61)]
    [InlineData("edirent+Polytope-worldcup/worldcup_30m_head.jsonl", "edirent+Polytope-worldcup/meta/tokens.json", 23)]
    public async Task Every_book_is_proven(string file, string? meta, long ok)
    {
        var report = await Check(file, meta);
        Assert.Equal((ok, 0, 0), (report.Proofs["ok"], report.Proofs["failed"], report.Unparsable));
    }

    [Theory]
    [InlineData("""{"payload":BOOK}""")]
    [InlineData("""{"raw_frame":BOOK}""")]
    public async Task A_frame_is_found_in_an_envelope_as_text_or_as_it_is(string envelope)
    {
        const string book = """{"market":"0xa","asset_id":"1","timestamp":"1780178255852","hash":"","bids":[],"asks":[],"tick_size":"0.001","last_trade_price":"0.550","event_type":"book"}""";
        using var directory = new TempDirectory();
        var file = Path.Combine(directory.Root, "frames.jsonl");
        await File.WriteAllLinesAsync(
            file, [envelope.Replace("BOOK", book, StringComparison.Ordinal), envelope.Replace("BOOK", JsonSerializer.Serialize(book), StringComparison.Ordinal)], TestContext.Current.CancellationToken);

        var report = await new CaptureCheck([]).Run(file, TestContext.Current.CancellationToken);

        Assert.Equal((2, 2, 0), (report.Frames, report.Events["book"], report.Unparsable));
    }

    private static async Task<CaptureReport> Check(string file, string? meta = null)
    {
        Dictionary<ConditionId, ConditionMeta> known = meta is null ? [] : CaptureMeta.Parse(File.ReadAllText(Captures.File(meta)));
        return await new CaptureCheck(known).Run(Captures.File(file), TestContext.Current.CancellationToken);
    }
}
