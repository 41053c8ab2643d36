using PolyArb.Domain;

namespace PolyArb.Report.Charts;

/// <summary>
/// A drawing with its axes. The drawing is stretched to the room there is, strokes and letters are not: the same on a telephone.
/// </summary>
/// <param name="Caption">What is shown, for everybody; a summary in words is the label of the drawing.</param>
internal sealed record Chart(string Id, string Caption, string Summary, IReadOnlyList<Mark> Across, IReadOnlyList<Mark> Up, Html Drawing)
{
    public Html ToHtml() => Html.Of(
        $"""
        <figure class="chart" id="{Id}">
        <figcaption>{Caption}</figcaption>
        <div class="plot">
        <div class="up" aria-hidden="true">{Html.Each(Up, mark => Html.Of($"""<span style="bottom:{Percent(mark)}">{mark.Text}</span>"""))}</div>
        <svg viewBox="0 0 {Scale.Length} {Scale.Length}" preserveAspectRatio="none" role="img" aria-label="{Summary}">
        <path class="grid" d="{string.Concat(Up.Select(mark => $"M0 {Scale.Length - mark.At}H{Scale.Length}"))}"/>
        {Drawing}
        </svg>
        <div class="across" aria-hidden="true">{Html.Each(Across, mark => Html.Of($"""<span style="left:{Percent(mark)}">{mark.Text}</span>"""))}</div>
        </div>
        </figure>

        """);

    private static string Percent(Mark mark) => $"{FixedPoint.Format(mark.At, 2)}%";
}
