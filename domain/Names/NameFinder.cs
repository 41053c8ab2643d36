namespace PolyArb.Domain.Names;

/// <summary>Finds a market by whatever a person calls it, and what he may have meant when there is none.</summary>
public static class NameFinder
{
    /// <summary>Of an id, so many letters are enough.</summary>
    private const int PrefixMin = 6;

    /// <summary>By the name itself; else by the beginning of an id; else by words that a name has all of. One hit a market.</summary>
    /// <param name="markets">The names of each; the earlier ones are tried first.</param>
    /// <param name="most">No more hits than so many, where the name is not exact.</param>
    public static NameMatch Find(string asked, IReadOnlyList<IReadOnlyList<MarketName>> markets, int most)
    {
        var text = asked.Trim();
        if (text.Length == 0) return NameMatch.None;

        var exact = Where(markets, name => name.Equals(text, StringComparison.OrdinalIgnoreCase), int.MaxValue);
        if (exact.Count > 0) return new NameMatch(true, exact);

        if (text.Length >= PrefixMin && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && Where(markets, name => name.StartsWith(text, StringComparison.OrdinalIgnoreCase), most) is { Count: > 0 } begun) return new NameMatch(false, begun);

        var words = Words(text);
        return words.Length == 0
            ? NameMatch.None
            : new NameMatch(false, Where(markets, name => words.All(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)), most));
    }

    /// <summary>The names that differ least from what was asked, the nearest first; none when all are far away.</summary>
    public static IReadOnlyList<string> Nearest(string asked, IEnumerable<string> names, int most)
    {
        var text = Fold(asked);
        return [.. names.Distinct()
            .Select(name => (Name: name, Distance: EditDistance.Of(text, Fold(name), atMost: Math.Max(2, text.Length / 2))))
            .Where(near => near.Distance is not null)
            .OrderBy(near => near.Distance)
            .ThenBy(near => near.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(near => near.Name)];
    }

    private static List<NameHit> Where(IReadOnlyList<IReadOnlyList<MarketName>> markets, Func<string, bool> fits, int most)
    {
        List<NameHit> hits = [];
        for (var number = 0; number < markets.Count && hits.Count < most; number++)
        {
            foreach (var name in markets[number])
            {
                if (!fits(name.Text)) continue;

                hits.Add(new NameHit(number, name));
                break;
            }
        }

        return hits;
    }

    private static string[] Words(string text) => text.Split([' ', '-', '_', ',', '?', '"'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A slug and its question are nearly the same then.</summary>
    private static string Fold(string text) => string.Join(' ', Words(text)).ToLowerInvariant();
}
