using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace PolyArb.Config;

/// <summary>Who may steer and how a stop answers: section `control`.</summary>
public sealed record ControlOptions
{
    public required bool TelegramEnabled { get; init; }

    /// <summary>User ids whose private messages are obeyed, and who get alerts; nobody else is answered.</summary>
    public required ImmutableArray<long> TelegramAllowlist { get; init; }

    /// <summary>Of Telegram's Bot API, or of a server of one's own that speaks it; only its scheme, host and port count.</summary>
    public required Uri TelegramUrl { get; init; }

    /// <summary>How long a stop may take to show that the venue holds no open order.</summary>
    public required TimeSpan AckTimeout { get; init; }

    /// <summary>`pause` also cancels resting orders, instead of letting them live out their time.</summary>
    public required bool PauseCancels { get; init; }

    internal static ControlOptions Read(ParameterBinder from) => new()
    {
        TelegramEnabled = from.AtStart("control.telegram_enabled", "false", Kinds.Flag),
        TelegramAllowlist = [.. from.AtStart("control.telegram_allowlist", "", UserIds).Select(long.Parse)],
        TelegramUrl = from.AtStart("control.telegram_api_url", "https://api.telegram.org", Kinds.Url("http", "https")),
        AckTimeout = from.Live("control.ack_timeout_sec", "10", Kinds.Seconds(1, 25)),
        PauseCancels = from.Live("control.pause_cancels", "false", Kinds.Flag),
    };

    private static readonly Kind<ImmutableArray<string>> UserIds = Kinds.Names with
    {
        Legal = "must be a list of numeric Telegram user ids",
        TryRead = (string text, [MaybeNullWhen(false)] out ImmutableArray<string> value) => Kinds.Names.TryRead(text, out value)
            && value.All(name => name.Length <= 18 && name.All(char.IsAsciiDigit)),
    };
}
