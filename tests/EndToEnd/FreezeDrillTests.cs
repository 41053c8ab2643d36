using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
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

    /// <summary>The venue hears no heartbeat and cancels. Whoever wakes up then must know it before the next order goes out.</summary>
    [Fact]
    public async Task What_the_venue_cancelled_during_a_freeze_has_ended_for_us_before_anything_new_goes_out()
    {
        await using var day = await LiveDay.Start("maker", seed: 5, Quoting);
        await using var silo = await day.Silo();
        await day.Resume();
        await LiveDay.Until(async () => (await KnownToRest()).Length >= 4, "orders in the book");
        await silo.Signal("STOP");
        var resting = await KnownToRest();
        await LiveDay.Until(async () => (await day.OpenOrders()).Length == 0, "the venue's own cancel");
        var before = await Ids(); // What was on the wire when it froze has arrived.

        await silo.Signal("CONT");
        await LiveDay.Until(async () => (await Ids()).Length > before.Length, "an order after the freeze");

        var (sent, facts) = ((await Ids()).Except(before).ToHashSet(), await day.Facts());
        var first = facts.TakeWhile(fact => !Placed(fact).Any(order => sent.Contains(order.Id.Text))).Count();
        Assert.NotEqual(facts.Length, first);
        var known = LiveDay.BlotterOf(facts[..first]);
        Assert.NotEmpty(resting);
        Assert.All(resting, order => Assert.True(known.Find(new OrderId(order)) is { IsClosed: true }, $"{order} was {known.Find(new OrderId(order))?.State}"));

        async Task<string[]> KnownToRest()
        {
            var blotter = LiveDay.BlotterOf(await day.Facts());
            return [.. (await day.OpenOrders()).Where(order => blotter.Find(new OrderId(order)) is { State: OrderState.Live })];
        }

        async Task<string[]> Ids() => [.. (await day.Orders()).Select(order => order.GetProperty("id").GetString()!)];
    }

    [Fact]
    public async Task A_kill_that_needs_no_silo_cancels_everything_and_holds_when_it_comes_back()
    {
        await using var day = await LiveDay.Start("maker", seed: 4, Quoting);
        await using var silo = await day.Silo();
        await day.Resume();
        await LiveDay.Until(async () => (await day.OpenOrders()).Length >= 4, "orders in the book");
        await silo.Signal("STOP");
        var journaled = (await day.Facts()).SelectMany(fact => Placed(fact)).Select(placed => placed.Id.Text).ToHashSet();

        var said = await day.Operator.Run("kill", "--direct", "--reason", "it does not answer", "--data", day.Data);

        Assert.True(said.ExitCode == 0, said.Error);
        Assert.Empty(await day.OpenOrders());
        await silo.Signal("CONT");
        await LiveDay.Until(async () => (await day.Status()).GetProperty("state").GetString() is "SAFE", "SAFE");
        var status = await day.Status();
        Assert.Contains("it does not answer", status.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.All(await day.Orders(), order => Assert.Contains(order.GetProperty("id").GetString()!, journaled)); // A request may have been half written when it froze.
        Assert.Empty(await day.OpenOrders());
        Assert.Equal(TradingState.Safe, (await day.Facts()).OfType<Fact.StateChanged>().Last().To);
    }

    private static ImmutableArray<OrderPlaced> Placed(Fact fact) => fact switch
    {
        Fact.BasketOpened opened => opened.Orders,
        Fact.ClosingOrderPlaced closing => [closing.Order],
        _ => [],
    };
}
