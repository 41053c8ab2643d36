using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Grains;

/// <summary>The journal, and whether it takes what it is given. A newer gateway's fence is no trouble of the disk's.</summary>
internal sealed class JournalWatch(IJournal journal, TimeProvider time) : IJournal
{
    private static readonly TimeSpan HangsAfter = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<long, Instant> _under = []; // Appends that have not ended.
    private volatile string _trouble = "";
    private string? _failure;
    private long _appends;

    /// <summary>Why the last append failed, or that one does not end; empty once one has gone through again.</summary>
    public string Trouble => Hang ?? _trouble;

    /// <summary>How long the disk has not answered; null while it does.</summary>
    public string? Hang
    {
        get
        {
            lock (_gate)
            {
                return _under.Count > 0 && time.Now() - _under.Values.Min() is var waited && waited > HangsAfter
                    ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"the disk has not answered for {waited.TotalSeconds:F0} s")
                    : null;
            }
        }
    }

    /// <summary>A failure since this was asked last, also when appends go through again; null without one.</summary>
    public string? TakeFailure() => Interlocked.Exchange(ref _failure, null);

    public async Task Append(ImmutableArray<Fact> facts, long fence)
    {
        var number = Interlocked.Increment(ref _appends);
        lock (_gate) _under[number] = time.Now();
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
        finally
        {
            lock (_gate) _under.Remove(number);
        }
    }

    public IAsyncEnumerable<Fact> ReadAll(CancellationToken cancellation) => journal.ReadAll(cancellation);

    public Task<long> RaiseFence() => journal.RaiseFence();
}
