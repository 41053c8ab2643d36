using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>A fault that took hold: when (Unix ms), on which condition if on one, and what came of it.</summary>
internal sealed record FiredFault(FaultKind Kind, long At, string? Condition, string Detail);

/// <summary>
/// The faults that hold now. The parts of the exchange ask it before they do something right; each answer "yes" is a line in its log.
/// Call it with the exchange's lock held.
/// </summary>
internal sealed class FaultBoard(ExchangeWorld world, Agenda agenda, Action<string> log)
{
    private readonly List<Window> _windows = [];
    private readonly List<Armed> _charges = [];
    private readonly List<FiredFault> _fired = [];
    private readonly Dictionary<FaultKind, Func<Fault, Condition?, string>> _acts = [];

    public IReadOnlyList<FiredFault> Fired => _fired;

    /// <summary>What an <see cref="FaultNature.Act"/> does; it answers what it did, for the log.</summary>
    public void OnAct(FaultKind kind, Func<Fault, Condition?, string> act) => _acts[kind] = act;

    /// <summary>Schedules a plan beside what is scheduled already. A token nobody lists is a <see cref="FormatException"/>, and nothing is scheduled.</summary>
    public void Load(FaultPlan plan)
    {
        var random = new SeededRandom(plan.Seed);
        var conditions = plan.Faults.Select(fault => ConditionOf(fault, random)).ToArray();
        foreach (var (fault, condition) in plan.Faults.Zip(conditions)) Later(fault, condition, fault.AtMs, left: fault.Count);
    }

    /// <summary>True while a window of the kind is open over the condition; null asks for windows over everything only.</summary>
    public bool Holds(FaultKind kind, Condition? condition)
    {
        if (_windows.Count == 0) return false;

        foreach (var window in _windows)
        {
            if (window.Fault.Kind != kind || !Concerns(window.Condition, condition) || agenda.Now >= window.Ends) continue;

            window.Effects++;
            return true;
        }

        return false;
    }

    /// <summary>Uses up one charge of the kind, if there is one for the condition, and says how the fault was written.</summary>
    public Fault? Strikes(FaultKind kind, Condition? condition)
    {
        if (_charges.Count == 0) return null;

        var at = _charges.FindIndex(armed => armed.Fault.Kind == kind && Concerns(armed.Condition, condition));
        if (at < 0) return null;

        var fault = _charges[at].Fault;
        _charges.RemoveAt(at);
        Note(fault, condition, "struck");
        return fault;
    }

    private void Later(Fault fault, Condition? condition, long wait, int left) => agenda.In(wait, () =>
    {
        var rounds = fault.EveryMs > 0 ? 1 : left;
        for (var i = 0; i < rounds; i++) Arm(fault, condition);
        if (fault.EveryMs > 0 && left != 1) Later(fault, condition, fault.EveryMs, left == 0 ? 0 : left - 1);
    });

    private void Arm(Fault fault, Condition? condition)
    {
        switch (fault.Kind.Nature())
        {
            case FaultNature.Act:
                Note(fault, condition, _acts[fault.Kind](fault, condition));
                break;
            case FaultNature.Charge:
                _charges.Add(new Armed(fault, condition));
                break;
            case FaultNature.Window:
                var window = new Window(fault, condition, agenda.Now + fault.DurationMs);
                _windows.Add(window);
                Note(fault, condition, string.Create(CultureInfo.InvariantCulture, $"begins, for {fault.DurationMs} ms"));
                agenda.In(fault.DurationMs, () => Close(window));
                break;
        }
    }

    private void Close(Window window)
    {
        _windows.Remove(window);
        Note(window.Fault, window.Condition, string.Create(CultureInfo.InvariantCulture, $"is over, {window.Effects} times felt"));
    }

    private void Note(Fault fault, Condition? condition, string detail)
    {
        _fired.Add(new FiredFault(fault.Kind, agenda.Now, condition?.Id, detail));
        log(string.Create(CultureInfo.InvariantCulture, $"fault {fault.Kind.Name()} at {agenda.Now} on {condition?.Id ?? "everything"}: {detail}"));
    }

    private Condition? ConditionOf(Fault fault, SeededRandom random)
    {
        if (fault.Token is { } token)
        {
            return world.TryToken(token, out var condition, out _) ? condition : throw new FormatException($"token {token}: no condition lists it");
        }

        var needsOne = fault.Kind is FaultKind.TokenFreeze or FaultKind.TickChange;
        return needsOne ? world.Conditions[random.Between(0, world.Conditions.Count - 1)] : null;
    }

    /// <summary>A fault on no condition in particular concerns everything.</summary>
    private static bool Concerns(Condition? of, Condition? asked) => of is null || of.Id == asked?.Id;

    private sealed record Armed(Fault Fault, Condition? Condition);

    private sealed class Window(Fault fault, Condition? condition, long ends)
    {
        public Fault Fault { get; } = fault;
        public Condition? Condition { get; } = condition;
        public long Ends { get; } = ends;
        public long Effects { get; set; }
    }
}
