namespace PolyArb.Report.Sections;

/// <summary>A table with a caption, in a box that scrolls by itself where the screen is narrow.</summary>
internal static class Table
{
    /// <param name="heads">The first column names the row, the others are figures.</param>
    public static Html Of(string caption, string[] heads, IEnumerable<Html> rows) => Html.Of(
        $"""
        <div class="scroll" role="region" aria-label="{caption}" tabindex="0">
        <table>
        <caption>{caption}</caption>
        <thead><tr>{Html.Each(heads, head => Html.Of($"""<th scope="col">{head}</th>"""))}</tr></thead>
        <tbody>
        {Html.Each(rows, row => row)}
        </tbody>
        </table>
        </div>

        """);

    public static Html Row(Html head, params string[] cells) => Html.Of(
        $"""
        <tr><th scope="row">{head}</th>{Html.Each(cells, cell => Html.Of($"<td>{cell}</td>"))}</tr>

        """);

    public static Html Row(string head, params string[] cells) => Row(Html.Of($"{head}"), cells);
}
