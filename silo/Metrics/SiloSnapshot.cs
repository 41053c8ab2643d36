using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Metrics;

/// <summary>What the grains said of themselves at one moment.</summary>
/// <param name="Markets">Those that are enabled.</param>
/// <param name="Books">Of some of them: the busiest.</param>
internal sealed record SiloSnapshot(Instant At, Status Status, ImmutableArray<MarketView> Markets, ImmutableArray<MarketBooks> Books);
