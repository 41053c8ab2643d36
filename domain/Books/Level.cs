namespace PolyArb.Domain;

/// <summary>The aggregate size at one price.</summary>
public readonly record struct Level(Price Price, Size Size);
