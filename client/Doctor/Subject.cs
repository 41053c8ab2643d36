using System.Collections.Immutable;
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

    /// <summary>An event is found by its own id only in the whole list, which is long.</summary>
    private static readonly TimeSpan ListPatience = TimeSpan.FromMinutes(1);

    public static async Task<Finding<Subject>> Find(Patient patient)
    {
        if (await patient.NoGamma() is { } silent) return new(silent.Follows);
        if (await patient.NoClob() is { } closed) return new(closed.Follows);

        var catalog = patient.Services.GetRequiredService<ICatalog>();
        return patient.Arguments.Market is { } asked ? await patient.Within(Because, deadline => Named(catalog, [asked], "as asked", deadline), ListPatience)
            : patient.Options.Markets.Enabled is { IsEmpty: false } enabled
                ? await patient.Within(Because, deadline => Named(catalog, [.. enabled.Select(market => market.Text)], "of the configuration", deadline), ListPatience)
                : await patient.Within(Because, deadline => Liquid(catalog, deadline));
    }

    /// <summary>The first of them that is traded; when none is, why the first is not.</summary>
    private static async Task<Finding<Subject>> Named(ICatalog catalog, ImmutableArray<string> names, string origin, CancellationToken deadline)
    {
        if ((await catalog.Glance(deadline)).ValueOr(out var silence) is not { } glance) return Missing(silence!);

        ImmutableArray<MarketId> ids = [.. names.Select(name => new MarketId(name.ToLowerInvariant()))];
        var read = await catalog.Read(ids, deadline);
        if (read.Markets.IsEmpty)
        {
            if ((await catalog.List(deadline)).ValueOr(out silence) is null) return Missing(silence!);
            read = await catalog.Read(ids, deadline);
        }

        return read.Markets.IsEmpty ? Missing(read.Problem ?? $"the catalogue names no {names[0]}") : Best(read, origin, ListsProtocolV2(glance));
    }

    private static async Task<Finding<Subject>> Liquid(ICatalog catalog, CancellationToken deadline)
    {
        if ((await catalog.Glance(deadline)).ValueOr(out var why) is not { } glance) return Missing(why!);

        // Those of events last: an event is read with all its conditions.
        var some = glance.Markets.Select(listed => listed.Market).Where(market => market.Conditions.Any(condition => condition.IsTradable))
            .OrderBy(market => market.NegRisk).Take(Looks).Select(market => market.Id).ToImmutableArray();
        var read = await catalog.Read(some, deadline);
        return read.Markets.IsEmpty ? Missing(read.Problem ?? "nothing that is listed can be traded") : Best(read, "of the venue's most liquid", ListsProtocolV2(glance));
    }

    private static Finding<Subject> Best(Reading reading, string origin, bool listsV2)
    {
        var conditions = reading.Markets.SelectMany(listed => listed.Market.Conditions.Select(condition => (
            Condition: condition, listed.NotTraded.FirstOrDefault(refused => refused.Condition == condition.Id)?.Reason))).ToArray();
        if (conditions.Length == 0) return Missing(reading.Markets.SelectMany(listed => listed.NotTraded).First().Reason);

        // One whose fee is in dispute still has books to look at; one that takes no orders has nothing.
        var (best, problem) = conditions.OrderBy(one => one.Reason is null ? 0 : one.Condition.IsTradable ? 1 : 2).First();
        return best.IsTradable
            ? new(new Subject(best, problem, origin, listsV2 || best.Protocol is ProtocolVersion.V2))
            : Missing($"{best.Question} ({best.Id}) is not traded: {problem}");
    }

    private static bool ListsProtocolV2(Listing listing) =>
        listing.Markets.Any(listed => listed.Market.Conditions.Any(condition => condition.Protocol is ProtocolVersion.V2));

    private static Finding<Subject> Missing(string why) => new(new Gap(Check.Fail(why, "look at another one with --market, or try again"), Because));
}
