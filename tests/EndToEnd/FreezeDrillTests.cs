using PolyArb.Domain.Journal;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>A silo that is stopped in its tracks (SIGSTOP), as a VPS does to its guests, with orders in the venue's books.</summary>
[Collection(nameof(EndToEnd))]
public sealed class FreezeDrillTests
{
    private const string Quoting = """
        maker:
          enabled: true
          improve_ticks: 1
        order:
          default_ttl_ms: 600000
        """;

    [Fact]
    public async Task A_kill_that_needs_no_silo_cancels_everything_and_holds_when_it_comes_back()
    {
        await using var day = await LiveDay.Start("maker", seed: 4, Quoting);
        await using var silo = await day.Silo();
        await day.Resume();
        await LiveDay.Until(async () => (await day.OpenOrders()).Length >= 4, "orders in the book");
        await silo.Signal("STOP");

        var said = await day.Operator.Run("kill", "--direct", "--reason", "it does not answer", "--data", day.Data);

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Empty(await day.OpenOrders());
        var orders = (await day.Orders()).Length;
        await silo.Signal("CONT");
        await LiveDay.Until(async () => (await day.Status()).GetProperty("state").GetString() is "SAFE", "SAFE");
        var status = await day.Status();
        Assert.Contains("it does not answer", status.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(orders, (await day.Orders()).Length);
        Assert.Equal(TradingState.Safe, (await day.Facts()).OfType<Fact.StateChanged>().Last().To);
    }
}
