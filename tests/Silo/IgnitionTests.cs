using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Tests.EndToEnd;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo;

public class IgnitionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_market_whose_grain_has_gone_is_opened_again_and_the_others_are_left_alone()
    {
        await using var exchange = Programs.Exchange("serve", "--port", "0", "--seed", "1", "--scenario", "quiet");
        var url = new Uri((await exchange.Line("listening on ", Cancellation))["listening on ".Length..]);
        await using var silo = await DryRunSilo.Start(url, Cancellation);
        var board = silo.Services.GetRequiredService<MarketBoard>();
        await FaultDay.Until(() => Task.FromResult(board.Views.Length > 1));
        var (gone, stays) = (board.Views[0], board.Views[1]);

        Assert.True(await silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IMarketGrain>(gone.Id.Text).Shut());
        await FaultDay.Until(() => Task.FromResult(SessionOf(board, gone.Id) is { } session && session != gone.Session));

        Assert.Equal(stays.Session, SessionOf(board, stays.Id));
    }

    private static long? SessionOf(MarketBoard board, MarketId market) => board.Views.FirstOrDefault(view => view.Id == market)?.Session;
}
