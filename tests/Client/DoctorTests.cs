using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>`doctor` against the local exchange and against venues that misbehave.</summary>
public sealed class DoctorTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Against_the_local_exchange_everything_passes()
    {
        await using var exchange = await ExchangeHost.StartAsync(new ExchangeOptions(), Stop);
        using var person = Operator.At(exchange);

        var said = await person.Run("doctor", "--json");

        Assert.All(said.Json.EnumerateArray(), check => Assert.Equal("PASS", check.GetProperty("status").GetString()));
        Assert.Equal(0, said.ExitCode);
    }
}
