using System.Text;

namespace PolyArb.Tests.Documentation;

/// <summary>The sentences that source text would say: its string literals, with "..." where something is filled in.</summary>
internal static class SpokenWords
{
    /// <summary>Fewer letters are a word, a separator or a name, and no sentence.</summary>
    private const int LettersMin = 17;

    /// <param name="source">C# without verbatim or raw strings that hold sentences.</param>
    public static IEnumerable<string> In(string source) => source.Split('\n')
        .Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && !line.Contains("LoggerMessage", StringComparison.Ordinal))
        .SelectMany(InLine)
        .Where(text => text.Count(char.IsAsciiLetterLower) >= LettersMin && text.Contains(' ', StringComparison.Ordinal));

    private static IEnumerable<string> InLine(string line)
    {
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] != '"') continue;

            var (text, end) = Literal(line, at + 1, isInterpolated: at > 0 && line[at - 1] == '$');
            yield return text;
            at = end;
        }
    }

    /// <summary>From behind its first quote; and where its last one stands.</summary>
    private static (string Text, int End) Literal(string line, int at, bool isInterpolated)
    {
        var (text, depth) = (new StringBuilder(), 0);
        for (; at < line.Length; at++)
        {
            var letter = line[at];
            if (depth > 0 && letter == '"') at = Literal(line, at + 1, line[at - 1] == '$').End; // A literal of its own, in what is filled in.
            else if (isInterpolated && letter == '{' && depth++ == 0) text.Append("...");
            else if (isInterpolated && letter == '}') depth--;
            else if (depth > 0 || letter == '{') continue;
            else if (letter == '"') break;
            else if (letter == '\\') text.Append(line[++at] is 'n' ? ' ' : line[at]);
            else text.Append(letter);
        }

        return (text.ToString().Trim(), at);
    }
}
