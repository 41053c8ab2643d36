using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;

namespace PolyArb.Silo.Alerts;

/// <summary>Something that is wrong for a while: told when it has lasted, and when it is over. What comes back within a minute never was.</summary>
/// <param name="lasts">How long it may be so before that is worth a word.</param>
internal sealed class Trouble(string topic, AlertLevel level, TimeSpan lasts)
{
    private static readonly TimeSpan OverAfter = TimeSpan.FromMinutes(1);

    private Instant? _since;
    private Instant? _wellSince;
    private bool _isTold;

    /// <param name="what">What is wrong now; null: nothing.</param>
    public ImmutableArray<Alert> See(string? what, Instant now) => what is null ? Well(now) : Wrong(what, now);

    private ImmutableArray<Alert> Wrong(string what, Instant now)
    {
        _wellSince = null;
        _since ??= now;
        if (_isTold || now - _since.Value < lasts) return [];

        _isTold = true;
        return [new Alert(now, level, topic, what)];
    }

    private ImmutableArray<Alert> Well(Instant now)
    {
        _wellSince ??= now;
        if (_isTold && now - _wellSince.Value < OverAfter) return [];

        var wasTold = _isTold;
        (_since, _isTold) = (null, false);
        return wasTold ? [new Alert(now, AlertLevel.Info, topic, $"{topic}: well again", IsEnd: true)] : [];
    }
}
