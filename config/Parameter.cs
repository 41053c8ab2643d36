namespace PolyArb.Config;

/// <summary>One setting as it stands: what it is, where it came from, what is legal.</summary>
public sealed record Parameter
{
    /// <summary>Section and name, as in config.yaml: `risk.max_total_exposure`.</summary>
    public required string Key { get; init; }

    /// <summary>The value in its plain form; reading it again gives the same value.</summary>
    public required string Text { get; init; }

    /// <summary>The file it was read from, `environment`, `set`, or `default`.</summary>
    public required string Source { get; init; }

    public required string Default { get; init; }

    public required string Legal { get; init; }

    /// <summary>May change while the silo runs; the others are read once, at start.</summary>
    public required bool IsSettable { get; init; }

    /// <summary>The environment variable that overrides the file; null when there is none.</summary>
    public string? Variable { get; init; }

    /// <summary>The name a person wrote it under, there where it came from.</summary>
    internal string NameAtSource { get; init; } = "";

    internal Setting AsSetting => new(Source, NameAtSource, Text);

    /// <summary>Nobody has said anything about it.</summary>
    public bool IsDefault => Source == Parameters.DefaultSource;

    /// <summary>One line for a person whose value is legal but cannot be had here.</summary>
    public string Complaint(string why) => AsSetting.Complaint(why);
}
