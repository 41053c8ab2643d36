namespace PolyArb.Domain.Simulation;

/// <summary>One level of the one book of a condition, in YES terms.</summary>
internal readonly record struct BookPlace(bool IsBid, Price Price);
