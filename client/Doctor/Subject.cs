using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Doctor;

/// <summary>The condition that stands for all of the venue's.</summary>
/// <param name="Origin">Who chose it.</param>
/// <param name="ListsV2">A condition of Protocol V2 is listed.</param>
internal sealed record Subject(Condition Condition, string? Problem, string Origin, bool ListsV2)
{
    private const string Because = "there is no market to look at";

    /// <summary>So many are read; one whose sources disagree stands for itself only.</summary>
    private const int Looks = 5;

    public static async Task<Finding<Subject>> Find(Patient patient)
    {
        if (await patient.NoGamma() is { } silent) return new(silent.Follows);
        if (await patient.NoClob() is { } closed) return new(closed.Follows);

        return await patient.Within(Because, deadline => Of(patient, deadline));
    }

    /// <summary>The one that was named; else the first of the configuration; else the first of the venue's that is traded, if there is one.</summary>
    private static async Task<Finding<Subject>> Of(Patient patient, CancellationToken deadline)
    {
        var catalog = patient.Services.GetRequiredService<ICatalog>();
        if ((patient.Arguments.Market ?? patient.Options.Markets.Enabled.Select(market => market.Text).FirstOrDefault()) is { } named)
        {
            var origin = patient.Arguments.Market is null ? "first of the configuration" : "as asked";
            var one = await catalog.Read([new MarketId(named)], deadline);
            if (!one.Markets.IsEmpty) return Best(one, origin);

            // An event's own id finds it only once it has been listed.
            if ((await catalog.List(deadline)).ValueOr(out var silence) is null) return Missing(silence!);
            one = await catalog.Read([new MarketId(named)], deadline);
            return one.Markets.IsEmpty ? Missing(one.Problem ?? $"the catalogue names no {named}") : Best(one, origin);
        }

        if ((await catalog.Glance(deadline)).ValueOr(out var why) is not { } glance) return Missing(why!);

        var some = glance.Markets.Select(listed => listed.Market).Where(market => market.Conditions.Any(condition => condition.IsTradable)).Take(Looks).ToArray();
        var v2 = glance.Markets.Select(listed => listed.Market).FirstOrDefault(IsV2);
        var read = await catalog.Read([.. some.Append(v2).OfType<Market>().Select(market => market.Id).Distinct()], deadline);
        return read.Markets.IsEmpty ? Missing(read.Problem ?? "nothing that is listed can be traded") : Best(read, "first of the catalogue");
    }

    private static Finding<Subject> Best(Reading reading, string origin)
    {
        var conditions = reading.Markets.SelectMany(listed => listed.Market.Conditions.Select(condition => (
            Condition: condition, listed.NotTraded.FirstOrDefault(refused => refused.Condition == condition.Id)?.Reason))).ToArray();
        if (conditions.Length == 0) return Missing(reading.Markets.SelectMany(listed => listed.NotTraded).First().Reason);

        var (best, problem) = conditions.OrderBy(one => one.Reason is null ? 0 : 1).First();
        return new(new Subject(best, problem, origin, reading.Markets.Any(listed => IsV2(listed.Market))));
    }

    private static bool IsV2(Market market) => market.Conditions.Any(condition => condition.Protocol is ProtocolVersion.V2);

    private static Finding<Subject> Missing(string why) => new(new Gap(Check.Fail(why, "look at another one with --market, or try again"), Because));
}
