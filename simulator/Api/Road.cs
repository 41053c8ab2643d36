using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Api;

/// <summary>
/// What an outsider's order meets on its way to the engine: it takes a while, and now and then somebody nearer sees the same thing and
/// takes part of the best price of one of its legs before it arrives.
/// </summary>
internal sealed class Road(Exchange exchange, ulong seed, FlowSettings flow)
{
    private readonly SeededRandom _random = new(seed ^ 0x20AD);

    /// <summary>Hears of the token and side a rival takes from, under the exchange's lock.</summary>
    public Action<Condition, int, Side, long>? Rival { get; set; }

    /// <summary>Completes when the orders of one request may enter.</summary>
    public Task Travel(IReadOnlyList<JsonElement> orders)
    {
        if (flow.OrderDelayMs == 0) return Task.CompletedTask;

        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (exchange.Gate)
        {
            var milliseconds = _random.Between((flow.OrderDelayMs + 1) / 2, flow.OrderDelayMs);
            if (orders.Count > 0 && _random.Chance(flow.RivalsPerThousand))
            {
                var leg = orders[_random.Between(0, orders.Count - 1)];
                var share = _random.Between(200, 1_000);
                exchange.Agenda.In(milliseconds / 2, () => Overtake(leg, share));
            }

            exchange.Agenda.In(milliseconds, arrived.SetResult);
        }

        return arrived.Task;
    }

    private void Overtake(JsonElement leg, int perThousand)
    {
        if (Rival is not { } take || OrderBody.Read(leg, out _) is not { PostOnly: false } body) return;
        if (!exchange.World.TryToken(body.TokenId, out var condition, out var token)) return;

        var levels = exchange.MarketOf(condition).Book.FromBest(bids: (body.Side is Side.Sell) == (token == 0));
        if (levels.FirstOrDefault() is { } best) take(condition, token, body.Side, best.Total * perThousand / 1_000 / 10_000 * 10_000);
    }
}
