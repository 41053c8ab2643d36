using PolyArb.Client.Capture;
using PolyArb.Domain;
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

    private static async Task<CaptureReport> Check(string file, string? meta = null)
    {
        Dictionary<ConditionId, ConditionMeta> known = meta is null ? [] : CaptureMeta.Parse(File.ReadAllText(Captures.File(meta)));
        return await new CaptureCheck(known).Run(Captures.File(file), TestContext.Current.CancellationToken);
    }
}
