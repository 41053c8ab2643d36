using System.Reflection;

namespace PolyArb.Grains.Interfaces;

/// <summary>
/// Calls that may be made again when no answer comes: those that read what is in memory, and a pause. An answer is lost when the silo goes over which it was to
/// come, and nobody tells. A kill is not among them, for each one overtakes the last; nor a resume, which may undo what somebody did meanwhile.
/// </summary>
public static class AskedAnew
{
    /// <summary>As an attribute wants it; they are marked by their ResponseTimeout.</summary>
    public const string After = "00:00:05";

    private static readonly TimeSpan Wait = TimeSpan.Parse(After, System.Globalization.CultureInfo.InvariantCulture);

    public static bool Is(MethodInfo method) => method.GetCustomAttribute<ResponseTimeoutAttribute>() is { Timeout: var wait } && wait == Wait;
}
