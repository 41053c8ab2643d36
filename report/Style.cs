namespace PolyArb.Report;

/// <summary>The page's one style sheet, light and dark.</summary>
internal static class Style
{
    public static Html Sheet { get; } = Html.Trusted(Read());

    private static string Read()
    {
        using var reader = new StreamReader(typeof(Style).Assembly.GetManifestResourceStream("page.css")!);
        return reader.ReadToEnd();
    }
}
