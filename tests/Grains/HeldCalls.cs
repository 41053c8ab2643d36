using System.Collections.Immutable;

namespace PolyArb.Tests.Grains;

/// <summary>Can keep one kind of call from reaching its grain for as long as a test likes.</summary>
internal sealed class HeldCalls : IOutgoingGrainCallFilter
{
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _counts = new();
    private volatile string? _method;

    /// <summary>How often it was called so far.</summary>
    public int Count(string method) => _counts.GetValueOrDefault(method);

    /// <summary>The same, of one kind of grain.</summary>
    public int Count<T>(string method) => _counts.GetValueOrDefault($"{typeof(T).Name}.{method}");

    public void Hold(string method) => _method = method;

    /// <summary>What a call of this name ends with; null: it goes its way.</summary>
    public Func<string, Exception?> Fails { get; set; } = _ => null;

    /// <summary>Completes when one waits.</summary>
    public Task Held => _held.Task;

    public void LetGo() => _letGo.TrySetResult();

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        _counts.AddOrUpdate(context.MethodName, 1, (_, count) => count + 1);
        _counts.AddOrUpdate($"{context.InterfaceMethod?.DeclaringType?.Name}.{context.MethodName}", 1, (_, count) => count + 1);
        if (context.MethodName == _method)
        {
            _held.TrySetResult();
            await _letGo.Task;
        }

        if (Fails(context.MethodName) is { } failure) throw failure;

        await context.Invoke();
    }
}
