using System.Text.RegularExpressions;
using Spectre.Console;

namespace PolyArb.Client;

/// <summary>Words that have a color of their own, wherever they begin a cell or a line.</summary>
internal static partial class Palette
{
    public static readonly Style Quiet = new(Color.Grey);

    private static readonly Style Good = new(Color.Green);
    private static readonly Style Beware = new(Color.Yellow);
    private static readonly Style Bad = new(Color.Red);

    /// <summary>Null for what needs none.</summary>
    public static Style? Of(string text) => FirstWord().Match(text).Value.ToUpperInvariant() switch
    {
        "RUNNING" or "ACTIVE" or "LIVE" or "PASS" or "COMPLETED" or "CONFIRMED" or "LOCKED" or "SYNCED" or "PROVEN" or "ON" => Good,
        "PAUSED" or "WARN" or "STALE" or "UNANSWERED" or "DELAYED" or "UNPROVEN" or "UNSETTLED" or "JOINING" or "RETRYING" or "HELD" or "CONNECTING" => Beware,
        "SAFE" or "FLATTENING" or "FAIL" or "FAILED" or "DISPUTED" or "REJECTED" or "DEAD" or "DOWN" or "NOT" or "CROSSED" => Bad,
        "OFF" or "CANCELED" or "ABSENT" or "EMPTY" or "ENDED" => Quiet,
        _ => default(Style?),
    };

    /// <summary>A number is set to the right.</summary>
    public static bool IsNumber(string text) => Number().IsMatch(text);

    [GeneratedRegex(@"^\w+")]
    private static partial Regex FirstWord();

    [GeneratedRegex(@"^[-+]?[\d,]+(\.\d+)?( ?(%|ms|us|MB|GB))?$")]
    private static partial Regex Number();
}
