using System.Text;

namespace PolyArb.Silo.Metrics;

/// <summary>Names as Prometheus writes them.</summary>
internal static class Words
{
    /// <summary>RecvToDecision becomes recv_to_decision.</summary>
    public static string Snake(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>The same for every value of an enumeration, made once.</summary>
    public static string[] Snakes<T>() where T : struct, Enum => [.. Enum.GetNames<T>().Select(Snake)];
}
