namespace PolyArb.Config;

/// <summary>What is told without being asked, and when: section `alerts`. Where it goes is a secret, see <see cref="AlertSecrets"/>.</summary>
public sealed record AlertOptions
{
    /// <summary>What matters less is not sent.</summary>
    public required AlertLevel Level { get; init; }

    /// <summary>When only what is critical goes out, the rest after it; null: never.</summary>
    public required QuietHours? QuietHours { get; init; }

    /// <summary>Less than this free where the data is, in megabytes of a million bytes, is told.</summary>
    public required int FreeMegabytesMin { get; init; }

    internal static AlertOptions Read(ParameterBinder from) => new()
    {
        Level = from.AtStart(
            "alerts.level", "info", Kinds.OneOf(("info", AlertLevel.Info), ("warning", AlertLevel.Warning), ("critical", AlertLevel.Critical))),
        QuietHours = from.AtStart("alerts.quiet_hours", "off", HoursOrOff),
        FreeMegabytesMin = from.AtStart("alerts.min_free_mb", "1000", Kinds.Count(0, 10_000_000)),
    };

    private static readonly Kind<QuietHours?> HoursOrOff = new(
        "must be off, or hours and a time zone of this machine, such as 22:00-07:00 Europe/Berlin",
        (string text, out QuietHours? value) =>
        {
            value = null;
            return text == "off" || QuietHours.TryParse(text, out value);
        },
        value => value?.ToString() ?? "off");
}
