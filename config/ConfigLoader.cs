using System.Collections.Immutable;
using System.Net;
using DotNetEnv;
using Sprache;

namespace PolyArb.Config;

/// <summary>Reads the file, .env and the environment into options, or says everything that is wrong at once.</summary>
public static class ConfigLoader
{
    /// <summary>
    /// The environment beats .env, .env beats the file, the file beats the defaults; an empty variable counts as absent.
    /// </summary>
    /// <param name="path">config.yaml; it must exist. Null for none: the defaults.</param>
    /// <param name="environment">See <see cref="EnvironmentVariables"/>; nothing else of the process is read.</param>
    /// <param name="dotEnvPath">Read when it exists, and never written into the process; null for none.</param>
    public static ConfigResult Load(string? path, IReadOnlyDictionary<string, string> environment, string? dotEnvPath)
    {
        if (path is not null && !File.Exists(path)) return Invalid($"{path}: no such file: name the configuration with --config FILE");

        var (text, unreadable) = ("", "");
        if (path is not null && !TryReadText(path, out text, out unreadable)) return Invalid(unreadable);
        if (!TryReadDotEnv(dotEnvPath, out var dotEnv, out unreadable)) return Invalid(unreadable);

        var file = YamlSettings.Read(path ?? "", text);
        if (file.Complaints is not []) return new ConfigResult.Invalid([.. file.Complaints]);

        var variables = Settings.Variables((dotEnvPath ?? "", dotEnv), ("environment", environment));
        return Bind(new Settings(file.Settings, variables), variables);
    }

    /// <summary>For a client, which needs nothing else of the configuration: null when there is none, or .env cannot be read.</summary>
    public static string? ControlToken(IReadOnlyDictionary<string, string> environment, string? dotEnvPath)
    {
        _ = TryReadDotEnv(dotEnvPath, out var dotEnv, out _); // A stop must not fail for a file that may not even be needed.
        return Settings.Variables(("", dotEnv), ("", environment)).TryGetValue(Secrets.TokenVariable, out var token) ? token.Text : null;
    }

    private static ConfigResult Bind(Settings settings, Dictionary<string, Setting> variables)
    {
        var binder = new ParameterBinder(settings);
        var options = PolyArbOptions.Read(binder);
        var lines = new List<string>(binder.Complaints);
        lines.AddRange(settings.InFile.Where(setting => binder.Bound.All(bound => bound.Key != setting.Name)).Select(Unknown));
        var secrets = Secrets.Read(variables, lines);
        if (lines.Count == 0) lines.AddRange(OptionsRules.Broken(options));
        if (lines.Count == 0 && LiveWithoutKey(options, secrets) is { } missing) lines.Add(missing);
        if (lines.Count == 0 && WithoutDatabase(options, secrets) is { } database) lines.Add(database);
        if (lines.Count == 0 && OpenWithoutToken(options, secrets) is { } open) lines.Add(open);

        return lines.Count == 0
            ? new ConfigResult.Ok(options, secrets) { Overruled = Redacted(binder.Overruled) }
            : new ConfigResult.Invalid(Redacted(lines));

        ImmutableArray<string> Redacted(IEnumerable<string> said) => [.. said.Select(line => Secrets.Redact(line, variables))];

        string Unknown(Setting setting)
        {
            var last = setting.Name[(setting.Name.LastIndexOf('.') + 1)..];
            return setting.Name == "control.token" || Secrets.Variables.Contains(last, StringComparer.OrdinalIgnoreCase)
                ? $"{setting.Source}: {setting.Name}: secrets belong into the environment or .env, never into this file"
                : $"{setting.Source}: {setting.Name}: no such key: did you mean {options.Parameters.Nearest(setting.Name)}?";
        }
    }

    /// <summary>Of a cluster some silos hold the key, and the others host markets.</summary>
    private static string? LiveWithoutKey(PolyArbOptions options, Secrets secrets)
    {
        if (options.Runtime is not { Mode: BotMode.Live, DryRun: false } || secrets.HasPrivateKey) return null;
        if (options.Persistence.Provider is StorageProvider.Postgres) return null;

        var dryRun = options.Parameters["runtime.dry_run"];
        return new Setting(dryRun.Source, dryRun.NameAtSource, dryRun.Text)
            .Complaint("live trading needs PRIVATE_KEY in the environment or .env");
    }

    private static string? WithoutDatabase(PolyArbOptions options, Secrets secrets)
    {
        if (options.Persistence.Provider is not StorageProvider.Postgres || options.Runtime.Mode is not BotMode.Live || secrets.HasDatabase) return null;

        var provider = options.Parameters["storage.provider"];
        return new Setting(provider.Source, provider.NameAtSource, provider.Text)
            .Complaint($"needs {DatabaseSecret.Variable} in the environment or .env");
    }

    /// <summary>Whoever reaches the ports can trade, so beyond this machine he must know something.</summary>
    private static string? OpenWithoutToken(PolyArbOptions options, Secrets secrets)
    {
        if (secrets.HasControlToken) return null;

        var isOpen = !IPAddress.IsLoopback(options.Silo.Address);
        if (!isOpen && (options.Web.Port is null || IPAddress.IsLoopback(options.Web.Host))) return null;

        var address = options.Parameters[isOpen ? "silo.address" : "web.host"];
        return new Setting(address.Source, address.NameAtSource, address.Text)
            .Complaint($"must be a loopback address, unless {Secrets.TokenVariable} is set in the environment or .env");
    }

    private static bool TryReadText(string path, out string text, out string complaint)
    {
        (text, complaint) = ("", "");
        try
        {
            text = File.ReadAllText(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            complaint = $"{path}: cannot be read: {e.Message}";
            return false;
        }
    }

    private static bool TryReadDotEnv(string? path, out IReadOnlyDictionary<string, string> values, out string complaint)
    {
        (values, complaint) = (new Dictionary<string, string>(), "");
        if (path is null || !File.Exists(path)) return true;
        if (!TryReadText(path, out var text, out complaint)) return false;

        try
        {
            var read = new Dictionary<string, string>();
            foreach (var (name, value) in Env.LoadContents(text, LoadOptions.NoEnvVars())) read[name] = value;
            values = read;
            return true;
        }
        catch (ParseException e)
        {
            // Its message quotes the file, and the file holds the key.
            complaint = $"{path}:{e.Position?.Line}: must be lines of NAME=value; "
                + "put single quotes around a value with blanks, $, # or quotes";
            return false;
        }
    }

    private static ConfigResult.Invalid Invalid(string line) => new([line]);
}
