using PolyArb.Simulator.Api.RateLimits;

namespace PolyArb.Simulator.Hosting;

/// <summary>Port 0 takes any free port. Speed is in percent of normal: 100 is one second a second.</summary>
internal sealed record ExchangeOptions
{
    public int Port { get; init; }
    public ulong Seed { get; init; } = 1;
    public int SpeedPercent { get; init; } = 100;
    public bool Flow { get; init; } = true;

    /// <summary>What is listed and how it moves; the default scenario when null.</summary>
    public World.Scenario? Scenario { get; init; }

    /// <summary>A recording to serve instead of a listing of our own; with the flow on it plays.</summary>
    public Recordings.Recording? Recording { get; init; }

    /// <summary>What goes wrong; its times count from the start.</summary>
    public Faults.FaultPlan? Faults { get; init; }

    /// <summary>Hears of each fault that fired, under the exchange's lock: it must not wait.</summary>
    public Action<string>? FaultLog { get; init; }

    /// <summary>How much of the venue's rate limits holds.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>The opening books stand and nothing moves them.</summary>
    public bool Quiet { get; init; }
}
