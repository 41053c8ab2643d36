namespace PolyArb.Config;

/// <summary>What was written where, the strongest first: set, environment, .env, file. An empty variable counts as absent.</summary>
internal sealed class Settings(
    IReadOnlyDictionary<string, Setting> byKey,
    IReadOnlyDictionary<string, Setting> byVariable)
{
    public static readonly Settings None = new(new Dictionary<string, Setting>(), new Dictionary<string, Setting>());

    public IEnumerable<Setting> InFile => byKey.Values;

    public Setting? Written(string key) => byKey.TryGetValue(key, out var setting) ? setting : null;

    public Setting? Find(string key, string? variable)
    {
        if (variable is not null && byVariable.TryGetValue(variable, out var overriding)) return overriding;
        return Written(key);
    }

    public static Dictionary<string, Setting> Variables(params (string Source, IReadOnlyDictionary<string, string> Values)[] strongestLast)
    {
        var variables = new Dictionary<string, Setting>();
        foreach (var (source, values) in strongestLast)
        {
            foreach (var (name, text) in values)
            {
                if (!string.IsNullOrWhiteSpace(text)) variables[name] = new Setting(source, name, text.Trim());
            }
        }

        return variables;
    }
}
