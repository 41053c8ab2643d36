using PolyArb.Domain.Replay;

namespace PolyArb.Report.Sections;

internal static class LatencySection
{
    public static Html Of(BacktestResult result) => Html.Of(
        $"""
        <section id="latency" aria-labelledby="latency-title">
        <h2 id="latency-title">Latency</h2>
        {Body(result)}
        </section>
        """);

    private static Html Body(BacktestResult result)
    {
        var measured = result.Latencies.Where(row => row.Samples > 0).ToArray();
        return measured.Length == 0
            ? Html.Of($"<p>No order was sent, so no latency was met.</p>")
            : Html.Of(
                $"""
                <p>In simulated time, as the latency model had it.</p>
                {Table.Of("Latency by stage", ["Stage", "Samples", "Half within", "95 % within", "99 % within", "Mean"], measured.Select(Row))}
                """);
    }

    private static Html Row(LatencyRow row) => Table.Row(
        Stage(row.Series), Show.Count(row.Samples), Show.Micros(row.P50Micros), Show.Micros(row.P95Micros), Show.Micros(row.P99Micros), Show.Micros(row.MeanMicros));

    private static string Stage(string series) => series switch
    {
        "ws_recv_to_decision" => "Frame received to decision",
        "decision_to_send" => "Decision to send",
        "send_to_ack" => "Send to the venue's answer",
        "ack_to_fill" => "Answer to fill",
        _ => series,
    };
}
