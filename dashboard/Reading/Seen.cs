using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>What was last heard of something.</summary>
/// <param name="At">Null: nothing yet.</param>
/// <param name="Complaint">Why nothing newer came; empty when it did.</param>
public sealed record Seen<T>(T Value, Instant? At, string Complaint);
