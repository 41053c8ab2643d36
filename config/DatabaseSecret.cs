using System.Data.Common;

namespace PolyArb.Config;

/// <summary>Where PostgreSQL is and who we are there, from the environment or .env alone: it holds a password, and nothing shows it by accident.</summary>
internal sealed class DatabaseSecret
{
    public const string Variable = "DATABASE_CONNECTION";

    private const string Legal = "must be Host=..;Database=..;Username=..;Password=..";

    private readonly string? _text;
    private readonly string? _password;

    private DatabaseSecret(string? text, string? password) => (_text, _password) = (text, password);

    public bool IsSet => _text is not null;

    public string? Reveal() => _text;

    /// <summary>The password alone is as secret as the whole; null where there is none.</summary>
    public string? RevealPassword() => _password;

    /// <summary>Complaints name the variable, never its value.</summary>
    public static DatabaseSecret Read(IReadOnlyDictionary<string, Setting> variables, List<string> complaints)
    {
        if (!variables.TryGetValue(Variable, out var setting)) return new DatabaseSecret(null, null);

        if (Parsed(setting.Text) is { } said && Has("Host", "Server") && Has("Database", "DB"))
            return new DatabaseSecret(setting.Text, Find("Password", "PSW", "PWD"));

        complaints.Add($"{setting.Source}: {Variable}: {Legal} (value not shown)");
        return new DatabaseSecret(null, null);

        bool Has(params string[] names) => Find(names) is { Length: > 0 };

        string? Find(params string[] names) => names.Select(name => said.TryGetValue(name, out var value) ? value.ToString() : null).FirstOrDefault(value => value is not null);
    }

    private static DbConnectionStringBuilder? Parsed(string text)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = text };
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
