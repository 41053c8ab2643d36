namespace PolyArb.Domain.Replay;

/// <summary>A point of the equity curve as scripts read it.</summary>
/// <param name="At">Milliseconds of Unix time.</param>
public sealed record EquityAt(long At, Usd Equity);
