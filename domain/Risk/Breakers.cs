using System.Collections.Immutable;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Risk;

/// <summary>
/// What stops trading by itself. Everything is heard and judged by time that is given, and each reason is one sentence with the figure
/// and its limit. After a resume from a stop all of them begin anew.
/// </summary>
public sealed class Breakers
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly BreakerPolicy _policy;
    private readonly (string Name, Func<RiskState, Instant, string?> Judge)[] _rules;
    private readonly AnswerWindow _answers;
    private readonly RollingCount _pickedOff;
    private readonly RollingCount _phantoms;
    private readonly Lasting[] _lasting;
    private readonly Lasting _hourly = new();
    private readonly Lasting _daily = new();
    private readonly Lasting _below = new();
    private readonly Lasting _unresolved = new();
    private readonly Lasting _marketDead = new();
    private readonly Lasting _userDead = new();
    private StreamState _market = StreamState.Connecting;
    private StreamState _user = StreamState.Connecting;
    private long _baseline;

    public Breakers(BreakerPolicy policy)
    {
        _policy = policy;
        _lasting = [_hourly, _daily, _below, _unresolved, _marketDead, _userDead]; // As they are remembered: append only.
        _answers = new AnswerWindow(policy.AnswerWindow, policy.MaxLatency);
        _pickedOff = new RollingCount(policy.PickedOffWindow);
        _phantoms = new RollingCount(Minute);
        _rules =
        [
            ("hourly loss", (state, now) => Loss(state, now, Hour, policy.MaxHourlyLoss, _hourly, "hour")),
            ("daily loss", (state, now) => Loss(state, now, Day, policy.MaxDailyLoss, _daily, "24 hours")),
            ("drawdown", Drawdown),
            ("rejects", (_, _) => Rejects()),
            ("latency", (_, _) => Latency()),
            ("market stream", (_, now) => Stream(_market, _marketDead, policy.MarketStreamTimeout, "market", now)),
            ("user stream", (_, now) => Stream(_user, _userDead, policy.UserStreamTimeout, "user", now)),
            ("picked-off fills", (_, now) => PickedOff(_pickedOff.At(now))),
            ("phantoms", (_, now) => Phantoms(_phantoms.At(now))),
            ("unresolved orders", Unresolved),
        ];
    }

    /// <summary>By which they are known: whatever is said of one elsewhere is said under its name.</summary>
    public ImmutableArray<string> Names => [.. _rules.Select(rule => rule.Name)];

    public BreakersMemory Memory => new(
        _baseline, _market, _user, _answers.Memory, _pickedOff.Memory, _phantoms.Memory, [.. _lasting.Select(lasting => lasting.Since)]);

    /// <summary>As an earlier life left off.</summary>
    public void Remember(BreakersMemory memory)
    {
        (_baseline, _market, _user) = (memory.Baseline, memory.Market, memory.User);
        foreach (var (answer, isTimed) in memory.Answers) _answers.Add(answer, isTimed);
        foreach (var (at, count) in memory.PickedOff) _pickedOff.Add(at, count);
        foreach (var (at, count) in memory.Phantoms) _phantoms.Add(at, count);
        for (var i = 0; i < memory.Lasting.Length; i++) _lasting[i].Since = memory.Lasting[i];
    }

    public void Hear(GatewaySigns signs, RiskState state)
    {
        (_market, _user) = (signs.Market, signs.User);
        foreach (var answer in signs.Answers) _answers.Add(answer, isTimed: !state.DelaysTakers(answer.Market));
    }

    public void Hear(MarketMark mark)
    {
        _pickedOff.Add(mark.At, mark.PickedOff);
        _phantoms.Add(mark.At, mark.Phantoms);
    }

    /// <summary>The first reason to stop, or null. Only who is running is stopped, but what lasts is counted always. Total: a breaker that breaks trips.</summary>
    public string? Judge(RiskState state, Instant now)
    {
        if (state.Trail.Baseline != _baseline) Begin(state.Trail.Baseline);

        _answers.Drop(now);
        var reasons = _rules.Select(rule => Judged(rule.Name, rule.Judge, state, now)).OfType<string>().ToArray();
        return state is { Trading: TradingState.Running, IsRecovering: false } ? reasons.FirstOrDefault() : null;
    }

    private static string? Judged(string name, Func<RiskState, Instant, string?> judge, RiskState state, Instant now)
    {
        try
        {
            return judge(state, now);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"the breaker of {name} is broken: {e.Message}";
        }
    }

    private void Begin(long baseline)
    {
        _baseline = baseline;
        _answers.Forget();
        _pickedOff.Forget();
        _phantoms.Forget();
        foreach (var lasting in _lasting) lasting.Forget();
    }

    /// <summary>Not judged while something has no bid: what it is worth would be a guess.</summary>
    private string? Loss(RiskState state, Instant now, TimeSpan window, Usd limit, Lasting lasting, string name)
    {
        var made = state.Worth.IsWhole ? state.Trail.Over(window, state.Profit, now) : null;
        return lasting.Note(-made > limit, now) >= _policy.LossHolds ? $"lost {-made} dollars within the last {name}, the limit is {limit}" : null;
    }

    private string? Drawdown(RiskState state, Instant now)
    {
        var below = state.Worth.IsWhole && state.Trail.Last is not null ? state.Trail.Peak - state.Profit : null;
        if (below < Usd.Zero) state.Trail.Reach(state.Profit);
        return _below.Note(below > _policy.MaxDrawdown, now) >= _policy.LossHolds
            ? $"equity is {below} dollars below its highest, the limit is {_policy.MaxDrawdown}"
            : null;
    }

    private string? Rejects()
    {
        var isOver = _answers.Orders >= _policy.AnswersMin && (long)_answers.Rejected * 10_000 > (long)_answers.Orders * _policy.MaxRejectBps;
        return isOver
            ? $"{_answers.Rejected} of {_answers.Orders} orders answered within {Words(_policy.AnswerWindow)} were rejected, the limit is a share of "
                + FixedPoint.Format(_policy.MaxRejectBps, 4)
            : null;
    }

    private string? Latency() => _answers.Timed >= _policy.AnswersMin && _answers.IsSlow
        ? $"p95 from send to answer is {(long)_answers.P95.TotalMilliseconds} ms over {_answers.Timed} requests, the limit is {(long)_policy.MaxLatency.TotalMilliseconds} ms"
        : null;

    private static string? Stream(StreamState state, Lasting dead, TimeSpan timeout, string name, Instant now) =>
        dead.Note(state is not (StreamState.Live or StreamState.Idle), now) is { } lasted && lasted > timeout
            ? $"the {name} stream has been dead for {Words(lasted)}, the limit is {Words(timeout)}"
            : null;

    private string? PickedOff(int fills) => fills >= _policy.PickedOffCount
        ? $"{fills} fills were picked off within {Words(_policy.PickedOffWindow)}, the limit is {_policy.PickedOffCount}"
        : null;

    private string? Phantoms(int edges) => edges > _policy.MaxPhantomsPerMinute
        ? $"{edges} phantoms were seen within {Words(Minute)}, the limit is {_policy.MaxPhantomsPerMinute}"
        : null;

    private string? Unresolved(RiskState state, Instant now) =>
        _unresolved.Note(state.Unresolved >= _policy.MaxUnresolved, now) >= _policy.UnresolvedHolds
            ? $"{state.Unresolved} orders of unknown outcome for {Words(_policy.UnresolvedHolds)}, the limit is {_policy.MaxUnresolved}"
            : null;

    private static string Words(TimeSpan span) => $"{(long)span.TotalSeconds} s";
}
