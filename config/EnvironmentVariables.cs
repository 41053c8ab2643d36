using System.Collections;

namespace PolyArb.Config;

public static class EnvironmentVariables
{
    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> OfProcess() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");
}
