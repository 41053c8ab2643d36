using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Tests.Grains;

/// <summary>Keeps facts in memory, in the order they were appended; can be closed to a kind of fact, and can fail.</summary>
internal sealed class ScriptedJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly List<Fact> _facts = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _last = Task.CompletedTask;
    private long _fence;

    /// <summary>A fact for which this holds waits, and everything behind it, until <see cref="Open"/>.</summary>
    public Func<Fact, bool> Waits { get; set; } = _ => false;

    public Func<Fact, bool> Fails { get; set; } = _ => false;

    /// <summary>Completes when a fact for which this holds is kept.</summary>
    public async Task Until(Func<Fact, bool> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!Facts.Any(holds))
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    public TaskCompletionSource Waiting { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ImmutableArray<Fact> Facts
    {
        get
        {
            lock (_gate) return [.. _facts];
        }
    }

    public void Open() => _opened.TrySetResult();

    public Task Append(ImmutableArray<Fact> facts, long fence)
    {
        lock (_gate) return _last = After(_last, facts);
    }

    public async IAsyncEnumerable<Fact> ReadAll([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var fact in Facts)
        {
            await Task.CompletedTask;
            yield return fact;
        }
    }

    public Task<long> RaiseFence() => Task.FromResult(Interlocked.Increment(ref _fence));

    private async Task After(Task before, ImmutableArray<Fact> facts)
    {
        await before.ContinueWith(_ => { }, TaskScheduler.Default);
        if (facts.Any(Fails)) throw new IOException("disk full");

        if (facts.Any(Waits))
        {
            Waiting.TrySetResult();
            await _opened.Task;
        }

        lock (_gate) _facts.AddRange(facts);
    }
}
