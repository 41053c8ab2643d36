using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class ServicesTests
{
    [Fact]
    public async Task Everything_is_made_from_one_registration()
    {
        await using var services = Services(ScriptedVenue.Options);
        Assert.NotNull(services.GetRequiredService<IVenue>());
        Assert.NotNull(services.GetRequiredService<ICatalog>());
        Assert.NotNull(services.GetRequiredService<IMarketFeed>());
        Assert.NotNull(services.GetRequiredService<IUserFeed>());
        Assert.False(services.GetRequiredService<ISettlement>().Acts);
    }

    [Fact]
    public async Task Without_a_key_there_is_market_data_and_no_venue()
    {
        await using var services = Services(ScriptedVenue.Options with { Signer = null, Credentials = null });
        Assert.NotNull(services.GetRequiredService<ICatalog>());
        Assert.NotNull(services.GetRequiredService<IMarketFeed>());
        Assert.Throws<InvalidOperationException>(services.GetRequiredService<IVenue>);
    }

    [Fact]
    public void Options_print_without_a_secret()
    {
        var text = ScriptedVenue.Options.ToString();
        Assert.DoesNotContain(Given.Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("passphrase", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ac0974", text, StringComparison.OrdinalIgnoreCase);
    }

    private static ServiceProvider Services(VenueOptions options) => new ServiceCollection()
        .AddLogging(logging => logging.ClearProviders())
        .AddSingleton<IFrameTap>(new KeepingTap())
        .AddSingleton<IErrorLog>(new KeepingErrors())
        .AddPolymarket(options)
        .BuildServiceProvider();
}
