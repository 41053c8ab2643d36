namespace PolyArb.Config;

/// <summary>
/// The private key, the venue's API credentials, the control token, the database's password and where alerts go. They come from the environment or .env alone, are read by the
/// methods named Reveal and by nothing else: no property, so no serializer, log or debugger view shows them by accident.
/// </summary>
public sealed class Secrets
{
    private const int RedactedLengthMin = 4;

    /// <summary>Long enough that nobody guesses it over a network: `openssl rand -hex 16` gives twice as many.</summary>
    private const int TokenLengthMin = 16;

    private const string PrivateKeyLegal = "must be 32 bytes, 64 hex digits with or without 0x";

    /// <summary>Of the curve: a key is a number from 1 to this less one.</summary>
    private const string GroupOrder = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private readonly string? _privateKey;
    private readonly string? _apiKey;
    private readonly string? _apiSecret;
    private readonly string? _apiPassphrase;
    private readonly string? _controlToken;
    private readonly DatabaseSecret _database;
    private readonly AlertSecrets _alerts;

    internal Secrets(
        string? privateKey, string? apiKey, string? apiSecret, string? apiPassphrase, string? controlToken, DatabaseSecret database, AlertSecrets alerts) =>
        (_privateKey, _apiKey, _apiSecret, _apiPassphrase, _controlToken, _database, _alerts) =
        (privateKey, apiKey, apiSecret, apiPassphrase, controlToken, database, alerts);

    public bool HasPrivateKey => _privateKey is not null;

    /// <summary>All three; never only one or two.</summary>
    public bool HasApiCredentials => _apiKey is not null;

    /// <summary>64 lower hex digits without 0x; null when not set.</summary>
    public string? RevealPrivateKey() => _privateKey;

    public string? RevealApiKey() => _apiKey;

    public string? RevealApiSecret() => _apiSecret;

    public string? RevealApiPassphrase() => _apiPassphrase;

    public bool HasControlToken => _controlToken is not null;

    /// <summary>What a call that steers must carry; null when not set.</summary>
    public string? RevealControlToken() => _controlToken;

    public bool HasDatabase => _database.IsSet;

    /// <summary>Npgsql's form; null when not set.</summary>
    public string? RevealDatabase() => _database.Reveal();

    public AlertSecrets RevealAlerts() => _alerts;

    /// <summary>Whatever must be shown nowhere.</summary>
    public IEnumerable<string?> RevealAll() =>
        [.. Values.Take(Variables.Length - AlertSecrets.Variables.Length), _database.RevealPassword(), .. _alerts.RevealAll()];

    /// <summary>In the order of <see cref="Variables"/>.</summary>
    private IEnumerable<string?> Values =>
    [
        _privateKey, _apiKey, _apiSecret, _apiPassphrase, _controlToken, _database.Reveal(),
        _alerts.RevealBotToken(), _alerts.RevealWebhook()?.OriginalString, _alerts.RevealDeadMan()?.OriginalString,
    ];

    /// <summary>The variables whose value is another one there; never their values.</summary>
    public IEnumerable<string> DifferingFrom(Secrets others) =>
        Variables.Zip(Values.Zip(others.Values)).Where(variable => variable.Second.First != variable.Second.Second).Select(variable => variable.First);

    /// <summary>Says what is there, never what it is.</summary>
    public override string ToString() =>
        $"private key {(HasPrivateKey ? "set" : "not set")}, API credentials {(HasApiCredentials ? "set" : "not set")}, control token {(HasControlToken ? "set" : "not set")}";

    /// <summary>The variables that hold a secret.</summary>
    internal static readonly string[] Variables = ["PRIVATE_KEY", "CLOB_API_KEY", "CLOB_API_SECRET", "CLOB_API_PASSPHRASE", TokenVariable, DatabaseSecret.Variable, .. AlertSecrets.Variables];

    internal const string TokenVariable = "CONTROL_TOKEN";

    /// <summary>Complaints name the variable, never its value.</summary>
    internal static Secrets Read(IReadOnlyDictionary<string, Setting> variables, List<string> complaints)
    {
        var privateKey = Find("PRIVATE_KEY");
        if (privateKey is { } written)
        {
            var digits = (written.Text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? written.Text[2..] : written.Text).ToLowerInvariant();
            var legal = digits.Length == 64 && digits.All(char.IsAsciiHexDigit) && digits.Any(digit => digit != '0')
                && string.CompareOrdinal(digits, GroupOrder) < 0;
            if (!legal) complaints.Add($"{written.Source}: PRIVATE_KEY: {PrivateKeyLegal} (value not shown)");
            privateKey = legal ? written with { Text = digits } : null;
        }

        var api = new[] { Find("CLOB_API_KEY"), Find("CLOB_API_SECRET"), Find("CLOB_API_PASSPHRASE") };
        var given = api.Count(setting => setting is not null);
        if (given is 1 or 2)
        {
            var source = api.First(setting => setting is not null)!.Value.Source;
            complaints.Add($"{source}: {string.Join(", ", Variables[1..4])}: must be set all three or none (values not shown)");
        }

        var token = Find(TokenVariable);
        if (token is { Text.Length: < TokenLengthMin }) complaints.Add($"{token.Value.Source}: {TokenVariable}: must be at least {TokenLengthMin} characters (value not shown)");

        var (database, alerts) = (DatabaseSecret.Read(variables, complaints), AlertSecrets.Read(variables, complaints));
        return given == 3
            ? new Secrets(privateKey?.Text, api[0]!.Value.Text, api[1]!.Value.Text, api[2]!.Value.Text, token?.Text, database, alerts)
            : new Secrets(privateKey?.Text, null, null, null, token?.Text, database, alerts);

        Setting? Find(string name) => variables.TryGetValue(name, out var setting) ? setting : null;
    }

    /// <summary>Takes a secret out that was also written into a variable where it does not belong.</summary>
    internal static string Redact(string line, IReadOnlyDictionary<string, Setting> variables)
    {
        foreach (var name in Variables)
        {
            if (variables.TryGetValue(name, out var secret) && secret.Text.Length >= RedactedLengthMin)
            {
                line = line.Replace(secret.Text, "(not shown)", StringComparison.OrdinalIgnoreCase);
            }
        }

        return line;
    }
}
