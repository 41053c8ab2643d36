using System.Collections.Immutable;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Commands;

/// <summary>A market by whatever a person calls it; a miss says what may have been meant.</summary>
internal static class MarketLookup
{
    /// <summary>To look at, so a part of its name is enough while only one has it.</summary>
    public static async Task<MarketHit> One(SiloConnection silo, string name)
    {
        var match = await silo.Registry.Find(name);
        return match.Found is [var only] ? only : throw new CommandException(Complaint(name, match), ExitCode.Failed);
    }

    /// <summary>To act on, so only what is called exactly so.</summary>
    /// <param name="text">All of it: a question may have commas of its own.</param>
    public static async Task<ImmutableArray<MarketHit>> Exactly(SiloConnection silo, string text, IReadOnlyCollection<string> names)
    {
        if (names.Count > 1 && await silo.Registry.Find(text) is { IsExact: true, Found: [var whole] }) return [whole];

        var found = ImmutableArray.CreateBuilder<MarketHit>();
        List<string> complaints = [];
        foreach (var name in names)
        {
            var match = await silo.Registry.Find(name);
            if (match is { IsExact: true, Found: [var only] }) found.Add(only);
            else complaints.Add(Complaint(name, match));
        }

        return complaints.Count == 0 ? found.ToImmutable() : throw new CommandException($"{string.Join('\n', complaints)}; nothing was switched", ExitCode.Failed);
    }

    private static string Complaint(string name, MarketMatch match) => match switch
    {
        { Found.Length: > 1, IsExact: true } => $"'{name}' is the name of {match.Found.Length} markets: name one of {Named(match)}",
        { Found.Length: > 1 } => $"'{name}' is part of several names: {Named(match)}",
        { Found: [var only] } => $"no market '{name}'; did you mean '{only.Name}' ({only.Market.Id})?",
        { Nearest.IsEmpty: false } => $"no market '{name}'; did you mean {string.Join(" or ", match.Nearest.Select(near => $"'{near}'"))}?",
        _ => $"unknown market {name}: `polyarb-client markets list` shows them all",
    };

    private static string Named(MarketMatch match) => string.Join(", ", match.Found.Select(hit => $"{hit.Market.Id} ({Output.Cut(hit.Name, 60)})"));
}
