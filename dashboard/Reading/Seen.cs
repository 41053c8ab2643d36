using PolyArb.Domain;

namespace PolyArb.Dashboard;

/// <summary>What was last heard of something.</summary>
/// <param name="At">Null: nothing yet.</param>
/// <param name="Complaint">Why nothing newer came; empty when it did.</param>
public sealed record Seen<T>(T Value, Instant? At, string Complaint)
{
    public Freshness Freshness => new(At, Complaint);
}

/// <summary>How fresh what is shown is; as in <see cref="Seen{T}"/>.</summary>
public readonly record struct Freshness(Instant? At, string Complaint)
{
    private static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(15);

    /// <summary>A page is as fresh as its oldest part, and has the first complaint.</summary>
    public static Freshness Oldest(params ReadOnlySpan<Freshness> parts)
    {
        var oldest = parts[0];
        foreach (var part in parts[1..])
        {
            var at = oldest.At is { } one && part.At is { } other ? (one < other ? one : other) : (Instant?)null;
            oldest = new Freshness(at, oldest.Complaint.Length > 0 ? oldest.Complaint : part.Complaint);
        }

        return oldest;
    }

    /// <summary>Nobody may take it for what is now.</summary>
    public bool IsOld(Instant now) => Complaint.Length > 0 || At is not { } at || now - at > OldAfter;
}
