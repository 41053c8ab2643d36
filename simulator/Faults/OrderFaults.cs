using System.Text.Json;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Api.RateLimits;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>What goes wrong between the engine and the sender of orders and cancels (protocol 7.6, 9.3).</summary>
internal sealed class OrderFaults(Exchange exchange)
{
    /// <summary>Orders that were taken on may be answered as if they were not, or not at all.</summary>
    public async Task<Answer> PlacingAsync(JsonElement body, Func<Task<Answer>> place)
    {
        if (exchange.Faults.IsIdle) return await place();

        var condition = ConditionOf(body);
        if (Limited(condition) is { } tooMany) return tooMany;

        var answer = await place();
        if (answer.Body.AsSpan().IndexOf("\"success\":true"u8) < 0) return answer;

        lock (exchange.Gate)
        {
            if (exchange.Faults.Strikes(FaultKind.ErrorAfterAccept, condition) is not null) return Answer.Error(500, "could not insert order");
            return exchange.Faults.Strikes(FaultKind.LostAnswer, condition) is null ? answer : Answer.Lost;
        }
    }

    public Answer Canceling(Func<Answer> cancel) => Limited(condition: null) ?? cancel();

    private Answer? Limited(Condition? condition)
    {
        lock (exchange.Gate)
        {
            return exchange.Faults.Feel(FaultKind.RateLimit429, condition) is { } window
                ? AddressLimits.TooMany((window.Ends - exchange.Agenda.Now + 999) / 1000)
                : null;
        }
    }

    /// <summary>Of the order, or of the first one of a batch.</summary>
    private Condition? ConditionOf(JsonElement body)
    {
        var first = body.ValueKind is JsonValueKind.Array ? body.EnumerateArray().FirstOrDefault() : body;
        return first.ValueKind is JsonValueKind.Object && first.TryGetProperty("order", out var order)
            && exchange.World.TryToken(order.Field("tokenId") ?? "", out var condition, out _)
            ? condition
            : null;
    }
}
