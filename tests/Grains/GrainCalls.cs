using System.Collections.Concurrent;
using System.Collections.Immutable;
using PolyArb.Domain.Orders;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Tests.Grains;

/// <summary>Counts calls between grains, keeps what the gateway is told, and loses calls of one name.</summary>
internal sealed class GrainCalls(string? drops) : IOutgoingGrainCallFilter
{
    private readonly ConcurrentQueue<OrderEvent> _heard = new();
    private readonly ConcurrentDictionary<string, int> _counts = new();

    /// <summary>All news that the user channel brought to the gateway.</summary>
    public IReadOnlyCollection<OrderEvent> Heard => _heard;

    /// <summary>How often it was called so far, lost calls too.</summary>
    public int Count(string method) => _counts.GetValueOrDefault(method);

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        _counts.AddOrUpdate(context.MethodName, 1, (_, count) => count + 1);
        if (context.MethodName == drops) return;

        var news = context.MethodName == nameof(IOrderGatewayGrain.Observe) ? (ImmutableArray<OrderEvent>)context.Request.GetArgument(0)! : [];
        await context.Invoke();
        foreach (var item in news) _heard.Enqueue(item);
    }
}
