using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator.Faults;

/// <summary>A venue on a clock of its own on which things go wrong, and the log that says which.</summary>
internal sealed class BadDay
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));

    public BadDay() : this([WorldBuilder.Build(1).Conditions[0]])
    {
    }

    public BadDay(IReadOnlyList<Condition> conditions)
    {
        Venue = new Venue(conditions, _clock);
        Exchange.Faults.Log = Log.Add;
    }

    public Venue Venue { get; }
    public Exchange Exchange => Venue.Exchange;
    public List<string> Log { get; } = [];

    /// <summary>Plans a fault for now.</summary>
    public void Goes(FaultKind kind, int count = 1, Condition? on = null, long? durationMs = null)
    {
        lock (Exchange.Gate)
        {
            Exchange.Faults.Load(new FaultPlan(1, [new Fault(kind, 0, 0, count, on?.Tokens[1], durationMs ?? kind.UsualDurationMs())]));
        }

        Pass(0);
    }

    public void Pass(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i++)
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
            Exchange.Agenda.RunDue();
        }

        Exchange.Agenda.RunDue();
    }

    /// <summary>The one line that the log has of a kind.</summary>
    public void Says(FaultKind kind, string detail)
    {
        var line = Assert.Single(Log, line => line.StartsWith($"fault {kind.Name()} at ", StringComparison.Ordinal) && line.EndsWith(detail, StringComparison.Ordinal));
        Assert.DoesNotContain('\n', line);
    }
}
