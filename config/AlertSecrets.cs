using System.Diagnostics.CodeAnalysis;

namespace PolyArb.Config;

/// <summary>
/// Where alerts go. Whoever knows the bot's token can steer through it, whoever knows one of the addresses can post there, so they come
/// from the environment or .env alone, like every secret, and nothing shows them by accident.
/// </summary>
public sealed class AlertSecrets
{
    public const string TokenVariable = "TELEGRAM_BOT_TOKEN";

    internal static readonly string[] Variables = [TokenVariable, "ALERT_WEBHOOK_URL", "DEAD_MAN_URL"];

    /// <summary>A shorter path is no secret, but a word that a log may say.</summary>
    private const int PathLengthMin = 16;

    private const string TokenLegal = "must be a bot's number, a colon and its key, as @BotFather says it";
    private const string AddressLegal = "must be an https:// address, or http:// on loopback, without a user";

    private readonly string? _botToken;
    private readonly Uri? _webhook;
    private readonly Uri? _deadMan;

    private AlertSecrets(string? botToken, Uri? webhook, Uri? deadMan) => (_botToken, _webhook, _deadMan) = (botToken, webhook, deadMan);

    public static AlertSecrets None { get; } = new(null, null, null);

    /// <summary>Of Telegram's Bot API; null when not set.</summary>
    public string? RevealBotToken() => _botToken;

    /// <summary>Where every alert is posted; null: nowhere.</summary>
    public Uri? RevealWebhook() => _webhook;

    /// <summary>What is asked for every minute while all is alive; null: nothing.</summary>
    public Uri? RevealDeadMan() => _deadMan;

    /// <summary>Whatever must be shown nowhere, in each form it may appear in.</summary>
    public IEnumerable<string?> RevealAll() => [_botToken, _botToken?.Split(':')[1], _webhook?.OriginalString, PathOf(_webhook), _deadMan?.OriginalString, PathOf(_deadMan)];

    /// <summary>Complaints name the variable, never its value.</summary>
    internal static AlertSecrets Read(IReadOnlyDictionary<string, Setting> variables, List<string> complaints)
    {
        return new AlertSecrets(Legal(TokenVariable, TokenLegal, Token), Legal(Variables[1], AddressLegal, Address), Legal(Variables[2], AddressLegal, Address));

        T? Legal<T>(string variable, string must, Func<string, T?> read) where T : class
        {
            if (!variables.TryGetValue(variable, out var setting)) return null;

            var value = read(setting.Text);
            if (value is null) complaints.Add($"{setting.Source}: {variable}: {must} (value not shown)");
            return value;
        }
    }

    private static string? Token(string text) =>
        text.Split(':') is [{ Length: >= 5 } number, { Length: >= 20 } key] && number.All(char.IsAsciiDigit) && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-')
            ? text
            : null;

    private static Uri? Address(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.UserInfo is "" && (address.Scheme == "https" || address is { Scheme: "http", IsLoopback: true })
            ? address
            : null;

    private static string? PathOf(Uri? address) => address?.PathAndQuery is { Length: >= PathLengthMin } path ? path : null;
}
