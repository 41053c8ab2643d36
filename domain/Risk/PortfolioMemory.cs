using System.Collections.Immutable;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Risk;

/// <summary>What a portfolio knows that no gateway announces: it takes this along when it begins anew.</summary>
public sealed record PortfolioMemory(EquityHistory Trail, MarksMemory Marks, BreakersMemory Breakers);

/// <param name="Bids">Null: nobody bids.</param>
/// <param name="Over">Decided before there was a bid.</param>
/// <param name="Exhaustive">How many conditions a market has, where one of them must end YES.</param>
public sealed record MarksMemory(
    ImmutableDictionary<TokenId, Price?> Bids, ImmutableHashSet<TokenId> Over, ImmutableDictionary<MarketId, int> Exhaustive, ImmutableHashSet<MarketId> Delaying);

/// <param name="Lasting">Since when each of what must last has held, in the order that the breakers have them; null for what does not hold.</param>
public sealed record BreakersMemory(
    long Baseline, StreamState Market, StreamState User, ImmutableArray<TimedAnswer> Answers, ImmutableArray<Counted> PickedOff, ImmutableArray<Counted> Phantoms,
    ImmutableArray<Instant?> Lasting);

/// <param name="IsTimed">False where the venue holds orders back on purpose.</param>
public sealed record TimedAnswer(Answered Answer, bool IsTimed);

public sealed record Counted(Instant At, int Count);
