using System.Globalization;
using System.Text;

namespace PolyArb.Domain.Sweeps;

/// <summary>A ranking as comma-separated values (RFC 4180): a header, then one line a combination, the best first. Money in dollars.</summary>
public static class SweepCsv
{
    private static readonly string[] Figures =
    [
        "baskets_in", "predicted_in", "earned_in", "baskets_out", "predicted_out", "earned_out", "max_drawdown", "decisions_digest",
    ];

    public static string Write(IReadOnlyList<SweepAxis> axes, SweepRanking ranking)
    {
        var csv = new StringBuilder();
        Line(csv, ["rank", .. axes.Select(axis => axis.Key), .. Figures]);
        for (var rank = 0; rank < ranking.Rows.Length; rank++)
        {
            var row = ranking.Rows[rank];
            Line(csv,
            [
                (rank + 1).ToString(CultureInfo.InvariantCulture), .. row.Changes.Select(change => change.Text), .. Part(row.InSample), .. Part(row.OutOfSample),
                row.MaxDrawdown.ToString(), row.DecisionsDigest,
            ]);
        }

        return csv.ToString();
    }

    private static IEnumerable<string> Part(SweepPart part) =>
        [part.Baskets.ToString(CultureInfo.InvariantCulture), part.Predicted.ToString(), part.Earned.ToString()];

    private static void Line(StringBuilder csv, IEnumerable<string> fields) => csv.AppendJoin(',', fields.Select(Field)).Append("\r\n");

    private static string Field(string text) =>
        text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
