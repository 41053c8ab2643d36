using PolyArb.Domain;

namespace PolyArb.Report.Charts;

/// <summary>Pairs of amounts, with the line on which both are equal.</summary>
internal static class ScatterChart
{
    private const int StepsUp = 5;
    private const int StepsAcross = 4;

    /// <param name="groups">A class of the style sheet each, at least one dot in all.</param>
    public static Chart Of(string id, string caption, string summary, params (string Class, (Usd Across, Usd Up)[] Dots)[] groups)
    {
        var dots = groups.SelectMany(group => group.Dots).ToArray();
        var longest = dots.Max(dot => dot.Across.Micros);
        var across = Scale.Around(Math.Min(0, dots.Min(dot => dot.Across.Micros)), longest, StepsAcross);
        var up = Scale.Around(Math.Min(0, dots.Min(dot => dot.Up.Micros)), Math.Max(longest, dots.Max(dot => dot.Up.Micros)), StepsUp);

        var drawing = Html.Each(groups.Where(group => group.Dots.Length > 0), group => Html.Of(
            $"""<path class="{group.Class}" data-points="{group.Dots.Length}" d="{string.Concat(group.Dots.Select(Dot))}"/>"""));
        return new Chart(
            id, caption, summary, [.. across.Amounts()], [.. up.Amounts()],
            Html.Of($"""<path class="equal" d="M{across.At(0)} {Scale.Length - up.At(0)}L{across.At(longest)} {Scale.Length - up.At(longest)}"/>{drawing}"""));

        string Dot((Usd Across, Usd Up) dot) => $"M{across.At(dot.Across.Micros)} {Scale.Length - up.At(dot.Up.Micros)}h0";
    }
}
