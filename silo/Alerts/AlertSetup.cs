using System.Collections.Immutable;
using PolyArb.Config;

namespace PolyArb.Silo.Alerts;

/// <summary>Who is told what, and who may steer from outside. No record: nothing may print what it holds.</summary>
internal sealed class AlertSetup
{
    private const string EnabledKey = "control.telegram_enabled";

    /// <summary>Nobody is told anything.</summary>
    public static readonly AlertSetup None = new();

    /// <summary>Nobody else is obeyed or told; empty: no Telegram.</summary>
    public ImmutableArray<long> TelegramUsers { get; init; } = [];

    public Uri TelegramUrl { get; init; } = new("https://api.telegram.org");

    public AlertSecrets Secrets { get; init; } = AlertSecrets.None;

    public AlertLevel Level { get; init; }

    public QuietHours? QuietHours { get; init; }

    /// <summary>Less than this free where the data is, is told.</summary>
    public long FreeBytesMin { get; init; }

    public string DataDirectory { get; init; } = "";

    /// <summary>Who had the data directory before and did not end in good order; null: it was left as it should.</summary>
    public string? DiedBefore { get; init; }

    public bool HasChannels => !TelegramUsers.IsEmpty || Secrets.RevealWebhook() is not null;

    public static AlertSetup Of(PolyArbOptions options, Secrets secrets, string dataDirectory, string? diedBefore) => new()
    {
        TelegramUsers = options.Control.TelegramEnabled ? options.Control.TelegramAllowlist : [],
        TelegramUrl = options.Control.TelegramUrl,
        Secrets = secrets.RevealAlerts(),
        Level = options.Alerts.Level,
        QuietHours = options.Alerts.QuietHours,
        FreeBytesMin = options.Alerts.FreeMegabytesMin * 1_000_000L,
        DataDirectory = dataDirectory,
        DiedBefore = diedBefore,
    };

    /// <summary>One line when Telegram is wanted and has no token. Only who runs a silo needs one.</summary>
    public static string? Complaint(PolyArbOptions options, Secrets secrets) => options.Control.TelegramEnabled && secrets.RevealAlerts().RevealBotToken() is null
        ? options.Parameters[EnabledKey].Complaint($"needs {AlertSecrets.TokenVariable} in the environment or .env")
        : null;
}
