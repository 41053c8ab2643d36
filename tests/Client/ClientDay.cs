using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Simulator.Recordings;
using PolyArb.Simulator.World;
using PolyArb.Tests.Domain;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>
/// A silo with a day behind it (a basket has ended, trading is paused, the books go on), and somebody who runs commands against it. One
/// for all tests of a class: they read, and what they steer they put back. Beside them lies the recording of another day, day.jsonl.
/// </summary>
public sealed class ClientDay : IAsyncLifetime
{
    private Day? _day;

    internal Operator Person { get; } = new();

    internal Day Day => _day!;

    public async ValueTask InitializeAsync()
    {
        _day = await Day.Start(seed: 21, CancellationToken.None);
        await _day.Witness.Until(fact => fact is Fact.BasketClosed);
        await _day.Witness.Until(fact => fact is Fact.EquitySampled);
        _day.Silo.GetRequiredService<IErrorLog>().Keep("test", "for whoever looks", "bytes"u8, Given.Noon);
        await _day.Closed();
        Person.Cluster = _day.Client;
        Generator.Run(Person.Directory["day.jsonl"], seed: 1, frames: 5_000, ScenarioFile.Load("default"), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Person.Dispose();
        if (_day is not null) await _day.DisposeAsync();
    }
}
