using System.Collections.Immutable;
using PolyArb.Domain.Ports;

namespace PolyArb.Domain.Risk;

/// <summary>What the gateway sees of streams, venue and orders, since it last told of it.</summary>
/// <param name="Market">By PING and PONG, never by the absence of news.</param>
/// <param name="Unresolved">Orders of unknown outcome now, over all markets.</param>
public sealed record GatewaySigns(StreamState Market, StreamState User, int Unresolved, ImmutableArray<Answered> Answers);
