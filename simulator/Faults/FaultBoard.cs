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
internal sealed class FaultBoard(ExchangeWorld world, Agenda agenda, Action<string>? log = null)
{
    private const int FiredMax = 10_000;

    private readonly List<FaultWindow> _windows = [];
    private readonly List<Armed> _charges = [];
    private readonly Queue<FiredFault> _fired = [];
    private readonly List<(long At, FaultPlan Plan)> _loaded = [];
    private readonly Dictionary<FaultKind, Func<Fault, Condition?, string>> _acts = [];
    private readonly Dictionary<FaultKind, Action<Condition?>> _opening = [];

    /// <summary>Hears of everything that fired, a line each, with the exchange's lock held: it must not wait.</summary>
    public Action<string>? Log { get; set; } = log;

    /// <summary>Nothing can go wrong now, so nobody need ask for anything in particular.</summary>
    public bool IsIdle => _windows.Count == 0 && _charges.Count == 0;

    /// <summary>Every plan, with the time it was loaded (Unix ms).</summary>
    public IReadOnlyList<(long At, FaultPlan Plan)> Loaded => _loaded;

    /// <summary>The last ten thousand, oldest first.</summary>
    public IReadOnlyCollection<FiredFault> Fired => _fired;

    /// <summary>What an <see cref="FaultNature.Act"/> does; it answers what it did, for the log.</summary>
    public void OnAct(FaultKind kind, Func<Fault, Condition?, string> act) => _acts[kind] = act;

    /// <summary>Told when a window of the kind opens, before anybody feels it.</summary>
    public void OnOpening(FaultKind kind, Action<Condition?> remember) => _opening[kind] = _opening.GetValueOrDefault(kind) + remember;

    /// <summary>Schedules a plan beside what is scheduled already. A token nobody lists is a <see cref="FormatException"/>, and nothing is scheduled.</summary>
    public void Load(FaultPlan plan)
    {
        var random = new SeededRandom(plan.Seed);
        var conditions = plan.Faults.Select((fault, index) => ConditionOf(fault, index, random)).ToArray();
        _loaded.Add((agenda.Now, plan));
        foreach (var (fault, condition) in plan.Faults.Zip(conditions)) Later(fault, condition, fault.AtMs, left: fault.Count);
    }

    /// <summary>True while a window of the kind is open over the condition; null asks for windows over everything only.</summary>
    public bool Holds(FaultKind kind, Condition? condition) => Feel(kind, condition) is not null;

    /// <summary>The same, with what there is to know about the window. Each time it is found counts as felt.</summary>
    public FaultWindow? Feel(FaultKind kind, Condition? condition)
    {
        if (_windows.Count == 0) return null;

        foreach (var window in _windows)
        {
            if (window.Fault.Kind != kind || !Concerns(window.Condition, condition) || agenda.Now >= window.Ends) continue;

            window.Effects++;
            return window;
        }

        return null;
    }

    /// <summary>A charge of the kind waits for the condition; asking does not use it up.</summary>
    public bool IsArmed(FaultKind kind, Condition? condition) =>
        _charges.Exists(armed => armed.Fault.Kind == kind && Concerns(armed.Condition, condition));

    /// <summary>Uses up one charge of the kind, if there is one for the condition, and says how the fault was written.</summary>
    public Fault? Strikes(FaultKind kind, Condition? condition, string detail = "struck")
    {
        if (_charges.Count == 0) return null;

        var at = _charges.FindIndex(armed => armed.Fault.Kind == kind && Concerns(armed.Condition, condition));
        if (at < 0) return null;

        var fault = _charges[at].Fault;
        _charges.RemoveAt(at);
        Note(fault, condition, detail);
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
                Note(fault, condition, _acts.TryGetValue(fault.Kind, out var act) ? act(fault, condition) : "there is nothing here to do it to");
                break;
            case FaultNature.Charge:
                _charges.Add(new Armed(fault, condition));
                break;
            case FaultNature.Window:
                var window = new FaultWindow(fault, condition, agenda.Now + fault.DurationMs);
                _opening.GetValueOrDefault(fault.Kind)?.Invoke(condition);
                _windows.Add(window);
                Note(fault, condition, string.Create(CultureInfo.InvariantCulture, $"begins, for {fault.DurationMs} ms"));
                agenda.In(fault.DurationMs, () => Close(window));
                break;
        }
    }

    private void Close(FaultWindow window)
    {
        _windows.Remove(window);
        Note(window.Fault, window.Condition, string.Create(CultureInfo.InvariantCulture, $"is over, {window.Effects} times felt"));
    }

    private void Note(Fault fault, Condition? condition, string detail)
    {
        _fired.Enqueue(new FiredFault(fault.Kind, agenda.Now, condition?.Id, detail));
        if (_fired.Count > FiredMax) _fired.Dequeue();
        Log?.Invoke(string.Create(CultureInfo.InvariantCulture, $"fault {fault.Kind.Name()} at {agenda.Now} on {condition?.Id ?? "everything"}: {detail}"));
    }

    private Condition? ConditionOf(Fault fault, int index, SeededRandom random)
    {
        if (fault.Token is { } token)
        {
            return world.TryToken(token, out var condition, out _)
                ? condition
                : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"faults[{index}].token: no condition lists {token}"));
        }

        var needsOne = fault.Kind is FaultKind.TokenFreeze or FaultKind.TickChange or FaultKind.Hydration404;
        return needsOne ? world.Conditions[random.Between(0, world.Conditions.Count - 1)] : null;
    }

    /// <summary>A fault on no condition in particular concerns everything.</summary>
    private static bool Concerns(Condition? of, Condition? asked) => of is null || of.Id == asked?.Id;

    private sealed record Armed(Fault Fault, Condition? Condition);
}
