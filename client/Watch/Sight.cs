using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Client.Watch;

/// <summary>What `watch` shows of a silo at one moment.</summary>
/// <param name="Enabled">Markets that are on.</param>
/// <param name="Markets">Those of them that were looked at so far, the nearest edge first.</param>
/// <param name="Facts">The newest last.</param>
/// <param name="Equity">As it was sampled, and then as it was seen.</param>
internal sealed record Sight(
    Instant At,
    Status Status,
    int Enabled,
    ImmutableArray<MarketBooks> Markets,
    ImmutableArray<OrderLine> Orders,
    ImmutableArray<FactLine> Facts,
    ImmutableArray<ErrorLine> Errors,
    ImmutableArray<LatencyHistogram> Latencies,
    ImmutableArray<Usd> Equity);
