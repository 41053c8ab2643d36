using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Silo.Metrics;

/// <summary>The journal, with a count of every fact it took and how long it took.</summary>
internal sealed class MeteredJournal(IJournal journal, TradingMeters meters, TimeProvider time) : IJournal
{
    public async Task Append(ImmutableArray<Fact> facts, long fence)
    {
        var started = time.GetTimestamp();
        try
        {
            await journal.Append(facts, fence);
        }
        catch (Exception e) when (e is not FencedException)
        {
            meters.JournalFailed();
            throw;
        }

        meters.Journaled(facts, time.GetElapsedTime(started));
    }

    public IAsyncEnumerable<Fact> ReadAll(CancellationToken cancellation) => journal.ReadAll(cancellation);

    public Task<long> RaiseFence() => journal.RaiseFence();
}
