using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;

namespace PolyArb.Simulator.Api;

/// <summary>/sim/faults: plans what goes wrong, and tells what did.</summary>
internal sealed class SimFaults(Exchange exchange)
{
    /// <summary>A plan in JSON or YAML, its times from now on; 400 with one line when it cannot be read.</summary>
    public Answer Add(string text)
    {
        try
        {
            var plan = FaultPlan.Read(text);
            lock (exchange.Gate) exchange.Faults.Load(plan);
            return SimChain.Ok();
        }
        catch (FormatException e)
        {
            return Answer.Error(400, e.Message);
        }
    }

    /// <summary>{plans:[{seed, loadedAt, faults:[as planned]}], fired:[{kind, at, condition, detail}]}, times in Unix milliseconds.</summary>
    public Answer Read()
    {
        lock (exchange.Gate)
        {
            return Answer.Object(json =>
            {
                json.WriteStartArray("plans");
                foreach (var (at, plan) in exchange.Faults.Loaded) Write(json, at, plan);
                json.WriteEndArray();
                json.WriteStartArray("fired");
                foreach (var fired in exchange.Faults.Fired) Write(json, fired);
                json.WriteEndArray();
            });
        }
    }

    private static void Write(Utf8JsonWriter json, long at, FaultPlan plan)
    {
        json.WriteStartObject();
        json.WriteNumber("seed", plan.Seed);
        json.WriteNumber("loadedAt", at);
        json.WriteStartArray("faults");
        foreach (var fault in plan.Faults)
        {
            json.WriteStartObject();
            json.WriteString("kind", fault.Kind.Name());
            json.WriteNumber("atMs", fault.AtMs);
            json.WriteNumber("everyMs", fault.EveryMs);
            json.WriteNumber("count", fault.Count);
            json.WriteString("token", fault.Token);
            json.WriteNumber("durationMs", fault.DurationMs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, FiredFault fired)
    {
        json.WriteStartObject();
        json.WriteString("kind", fired.Kind.Name());
        json.WriteNumber("at", fired.At);
        json.WriteString("condition", fired.Condition);
        json.WriteString("detail", fired.Detail);
        json.WriteEndObject();
    }
}
