using PolyArb.Config;

namespace PolyArb.Client;

/// <summary>What commands that need no silo take from their process: where they run, its environment, the time.</summary>
/// <param name="Directory">Relative names start here; empty: where the process runs.</param>
internal sealed record Surroundings(string Directory, IReadOnlyDictionary<string, string> Environment, TimeProvider Time)
{
    private const string UsualConfig = "config.yaml";

    /// <summary>A connection that is there already, in place of the one that --silo names.</summary>
    public IClusterClient? Cluster { get; init; }

    public static Surroundings OfProcess => new("", EnvironmentVariables.OfProcess(), TimeProvider.System);

    public string DotEnv => Path.Combine(Directory, ".env");

    /// <summary>What the silo may want to see; null when none is set.</summary>
    public string? ControlToken => ConfigLoader.ControlToken(Environment, DotEnv);

    public string DataDirectory(string? given) => Path.Combine(Directory, given ?? "data");

    /// <summary>The file that is read: the one given, else config.yaml when there is one, else none.</summary>
    public string? ConfigFile(string? given) =>
        given is not null ? Path.Combine(Directory, given)
        : Path.Combine(Directory, UsualConfig) is var usual && File.Exists(usual) ? usual : null;

    /// <summary>As the silo reads it.</summary>
    public ConfigResult Load(string? config) => ConfigLoader.Load(ConfigFile(config), Environment, DotEnv);
}
