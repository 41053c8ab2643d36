using System.Collections.Immutable;
using PolyArb.Domain.Journal;

namespace PolyArb.Domain.Ports;

/// <summary>The durable truth: facts in order, and the tables that are derived from them in the same transaction.</summary>
public interface IJournal
{
    /// <summary>
    /// Appends in one transaction, conditional on the fence; completes when it is on disk.
    /// Throws <see cref="FencedException"/> when a newer gateway has taken over.
    /// </summary>
    Task Append(ImmutableArray<Fact> facts, long fence);

    IAsyncEnumerable<Fact> ReadAll(CancellationToken cancellation);

    /// <summary>Takes over: returns a fence greater than any before, durable.</summary>
    Task<long> RaiseFence();
}

/// <summary>A newer gateway owns the journal: this one must not act any more.</summary>
public sealed class FencedException(long ours, long newest)
    : Exception($"the journal belongs to a newer gateway (fence {newest}, ours {ours}); this one stops");
