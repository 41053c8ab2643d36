using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Config;
using PolyArb.Domain;

namespace PolyArb.Silo.Alerts;

/// <summary>
/// What of all that happens is told, and when: nothing twice, nothing at night that can wait, and no storm. What is left out is counted, and
/// the next alert says so. No clock of its own.
/// </summary>
/// <param name="least">What matters less is not told.</param>
/// <param name="quiet">When only what is critical is told; null: never.</param>
internal sealed class AlertFilter(AlertLevel least, QuietHours? quiet)
{
    /// <summary>Within this an alert of the same topic is the same one, unless it has become worse.</summary>
    public static readonly TimeSpan SameWithin = TimeSpan.FromMinutes(10);

    /// <summary>What is not critical may come so often within <see cref="SameWithin"/>.</summary>
    public const int StormAt = 30;

    private const int HeldMax = 30;

    private readonly Dictionary<string, Told> _told = [];
    private readonly Queue<Instant> _recent = new();
    private readonly List<Alert> _held = [];
    private int _heldMore;
    private int _leftOut;

    /// <summary>What of it is to be sent now.</summary>
    public ImmutableArray<Alert> Take(Alert alert)
    {
        if (alert is { IsEnd: true, Topic: { } over }) _told.Remove(over); // Should it come back, that is news.
        return alert.Level < least || IsRepeat(alert) ? [] : Pass(alert);
    }

    /// <summary>What is due by now. Call it every few seconds.</summary>
    /// <param name="isLast">Nobody will be here in the morning: what was held is told now, also in quiet hours.</param>
    public ImmutableArray<Alert> Tick(Instant now, bool isLast = false)
    {
        var due = ImmutableArray.CreateBuilder<Alert>();
        foreach (var (topic, told) in _told.Where(entry => isLast || now - entry.Value.At > SameWithin).ToArray())
        {
            _told.Remove(topic);
            if (told.Repeats > 0) due.AddRange(Pass(new Alert(now, told.Level, topic, $"{told.Latest} ({told.Repeats} times more since {Clock(told.At)})")));
        }

        if (_held.Count > 0 && (isLast || !IsQuiet(now))) due.Add(Digest(now));
        return due.ToImmutable();
    }

    private bool IsRepeat(Alert alert)
    {
        if (alert.IsEnd || alert.Topic is not { } topic) return false;
        if (!_told.TryGetValue(topic, out var told) || alert.Level > told.Level || alert.At - told.At > SameWithin)
        {
            _told[topic] = new Told(alert.At, alert.Level, alert.Text, Repeats: 0);
            return false;
        }

        _told[topic] = told with { Latest = alert.Text, Repeats = told.Repeats + 1 };
        return true;
    }

    private ImmutableArray<Alert> Pass(Alert alert)
    {
        if (alert.Level is AlertLevel.Critical) return [alert];
        if (IsQuiet(alert.At)) return Hold(alert);

        while (_recent.TryPeek(out var oldest) && alert.At - oldest > SameWithin) _recent.Dequeue();
        if (_recent.Count >= StormAt)
        {
            _leftOut++;
            return [];
        }

        _recent.Enqueue(alert.At);
        var text = _leftOut > 0 ? $"{alert.Text}\n({_leftOut} alerts before this one were too many and left out)" : alert.Text;
        _leftOut = 0;
        return [alert with { Text = text }];
    }

    private ImmutableArray<Alert> Hold(Alert alert)
    {
        if (_held.Count < HeldMax) _held.Add(alert);
        else _heldMore++;
        return [];
    }

    private Alert Digest(Instant now)
    {
        var lines = _held.Select(alert => $"{Clock(alert.At)} {alert.Text.Split('\n')[0]}");
        var digest = new Alert(
            now, _held.Max(alert => alert.Level), Topic: null,
            $"In the quiet hours:\n{string.Join('\n', _heldMore > 0 ? lines.Append($"and {_heldMore} more") : lines)}");
        _held.Clear();
        _heldMore = 0;
        return digest;
    }

    private bool IsQuiet(Instant now) => quiet?.Contains(now.ToDateTimeOffset()) ?? false;

    /// <summary>Where somebody has said where he lives, by his clock.</summary>
    private string Clock(Instant at) => quiet is null
        ? at.ToDateTimeOffset().ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture)
        : TimeZoneInfo.ConvertTime(at.ToDateTimeOffset(), quiet.Zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <param name="At">When one of its topic was let through.</param>
    /// <param name="Latest">What the last one said.</param>
    private sealed record Told(Instant At, AlertLevel Level, string Latest, int Repeats);
}
