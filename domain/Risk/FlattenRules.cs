namespace PolyArb.Domain.Risk;

/// <summary>What `flatten` and the breakers do beyond cancelling.</summary>
/// <param name="Sells">Shares that complete no basket are sold too.</param>
/// <param name="Timeout">Then the state is SAFE, with what is left listed as held.</param>
public sealed record FlattenRules(bool Sells, TimeSpan Timeout);
