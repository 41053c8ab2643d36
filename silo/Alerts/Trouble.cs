using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Domain;

namespace PolyArb.Silo.Alerts;

/// <summary>Something that is wrong for a while: told when it has lasted, and when it is over.</summary>
/// <param name="lasts">How long it may be so before that is worth a word.</param>
internal sealed class Trouble(string topic, AlertLevel level, TimeSpan lasts)
{
    private Instant? _since;
    private bool _isTold;

    /// <param name="what">What is wrong now; null: nothing.</param>
    public ImmutableArray<Alert> See(string? what, Instant now)
    {
        if (what is null) return Over(now);

        _since ??= now;
        if (_isTold || now - _since.Value < lasts) return [];

        _isTold = true;
        return [new Alert(now, level, topic, what)];
    }

    private ImmutableArray<Alert> Over(Instant now)
    {
        var wasTold = _isTold;
        (_since, _isTold) = (null, false);
        return wasTold ? [new Alert(now, AlertLevel.Info, $"{topic} over", $"{topic}: all is well again")] : [];
    }
}
