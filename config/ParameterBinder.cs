namespace PolyArb.Config;

/// <summary>
/// Binding is the table: each section reads its parameters here, one line each with key, default and kind, and what was
/// read is the list that `set`, `reload` and the complaints work from.
/// </summary>
internal sealed class ParameterBinder(Settings settings)
{
    private readonly List<Parameter> _bound = [];
    private readonly List<string> _complaints = [];
    private readonly List<string> _overruled = [];

    public IReadOnlyList<Parameter> Bound => _bound;

    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>One line for each key of the file that a variable beats with another value.</summary>
    public IReadOnlyList<string> Overruled => _overruled;

    /// <summary>A parameter that may change while the silo runs.</summary>
    public T Live<T>(string key, string preset, Kind<T> kind) => Read(key, preset, kind, isSettable: true, variable: null);

    /// <summary>A parameter that is read once, at start.</summary>
    public T AtStart<T>(string key, string preset, Kind<T> kind, string? variable = null) =>
        Read(key, preset, kind, isSettable: false, variable);

    private T Read<T>(string key, string preset, Kind<T> kind, bool isSettable, string? variable)
    {
        var setting = settings.Find(key, variable) ?? new Setting(Parameters.DefaultSource, key, preset);
        if (!kind.TryRead(setting.Text, out var value))
        {
            _complaints.Add(setting.Complaint(kind.Legal));
            if (!kind.TryRead(preset, out value)) throw new InvalidOperationException($"the default of {key} is not legal: '{preset}'");
        }

        _bound.Add(new Parameter
        {
            Key = key,
            Text = kind.Write(value),
            Source = setting.Source,
            NameAtSource = setting.Name,
            Default = preset,
            Legal = kind.Legal,
            IsSettable = isSettable,
            Variable = variable,
        });
        if (setting.Name == variable && settings.Written(key) is { } written && Plain(written.Text, kind) != kind.Write(value))
            _overruled.Add($"{setting.Statement} overrules {written.Statement}");
        return value;
    }

    /// <summary>"TRUE" and "true" are one value; a text that is none stays as it is.</summary>
    private static string Plain<T>(string text, Kind<T> kind) => kind.TryRead(text, out var value) ? kind.Write(value) : text;
}
