using System.Collections.Immutable;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>The journal, and whether it takes what it is given. A newer gateway's fence is no trouble of the disk's.</summary>
internal sealed class JournalWatch(IJournal journal) : IJournal
{
    private volatile string _trouble = "";
    private string? _failure;

    /// <summary>Why the last append failed; empty once one has gone through again.</summary>
    public string Trouble => _trouble;

    /// <summary>A failure since this was asked last, also when appends go through again; null without one.</summary>
    public string? TakeFailure() => Interlocked.Exchange(ref _failure, null);

    public async Task Append(ImmutableArray<Fact> facts, long fence)
    {
        try
        {
            await journal.Append(facts, fence);
            _trouble = "";
        }
        catch (Exception e) when (e is not FencedException)
        {
            (_trouble, _failure) = (e.Message, e.Message);
            throw;
        }
    }

    public IAsyncEnumerable<Fact> ReadAll(CancellationToken cancellation) => journal.ReadAll(cancellation);

    public Task<long> RaiseFence() => journal.RaiseFence();
}
