using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>One line of a plan. Times in milliseconds, the first since the plan was loaded.</summary>
/// <param name="EveryMs">Between two times; 0 for all of <paramref name="Count"/> at once.</param>
/// <param name="Count">How many times; 0 for ever.</param>
/// <param name="Token">Both tokens of its condition are meant. Null means every condition, or one drawn by the plan's seed where only one can be.</param>
internal sealed record Fault(FaultKind Kind, long AtMs, long EveryMs, int Count, string? Token, long DurationMs);

/// <summary>
/// What is to go wrong, and when. Read from YAML; JSON is the same language (contract: `{seed, faults:[{kind, atMs, everyMs, count, token,
/// durationMs}]}`).
/// </summary>
internal sealed record FaultPlan(ulong Seed, IReadOnlyList<Fault> Faults)
{
    private static readonly (string, FaultKind)[] Kinds = [.. Enum.GetValues<FaultKind>().Select(kind => (kind.Name(), kind))];

    /// <summary>Throws <see cref="FormatException"/> with one line that says where, what, and what is legal.</summary>
    public static FaultPlan Read(string file, string text)
    {
        var top = YamlSection.Root(file, text);
        if (top.Sections("faults") is not { Count: > 0 } faults) throw top.Refuse("faults", "takes a list of faults, at least one");

        var plan = new FaultPlan((ulong)Number(top, "seed", 1), [.. faults.Select(ReadOne)]);
        top.End();
        return plan;
    }

    private static Fault ReadOne(YamlSection yaml)
    {
        yaml.Text("kind"); // Or else it is missing.
        var kind = yaml.Choice("kind", Kinds, default);
        var every = Number(yaml, "everyMs", 0);
        var count = Number(yaml, "count", every == 0 ? 1 : 0);
        if (count == 0 && every == 0) throw yaml.Refuse("count", "takes 1 or more when everyMs is 0");

        var fault = new Fault(kind, Number(yaml, "atMs", 0), every, count, yaml.Optional("token"), Number(yaml, "durationMs", (int)kind.UsualDurationMs()));
        yaml.End();
        return fault;
    }

    private static int Number(YamlSection yaml, string key, int fallback) => yaml.Number(key, 0, int.MaxValue, fallback);
}
