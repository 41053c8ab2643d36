using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Signing;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Client;

/// <summary>The venue as the configuration names it, for commands that ask it without a silo.</summary>
internal static class VenueSetup
{
    /// <summary>Without a signer when no key is set. Throws <see cref="FormatException"/>, which never shows the key, for one that is none.</summary>
    public static VenueOptions Of(PolyArbOptions options, Secrets secrets) => WithoutKey(options) with
    {
        Signer = secrets.RevealPrivateKey() is { } key ? ManagedSigner.FromHex(key) : null,
        Credentials = secrets.HasApiCredentials
            ? new Credentials(secrets.RevealApiKey()!, secrets.RevealApiSecret()!, secrets.RevealApiPassphrase()!)
            : null,
    };

    public static VenueOptions WithoutKey(PolyArbOptions options) => new()
    {
        RestUrl = options.Venue.RestUrl,
        WsUrl = options.Venue.WebSocketUrl,
        ChainId = options.Venue.ChainId,
        SignatureType = options.Venue.SignatureType,
        Funder = options.Venue.Funder,
    };

    public static ServiceProvider Services(VenueOptions venue, TimeProvider time) =>
        new ServiceCollection().AddLogging().AddSingleton(time).AddPolymarket(venue).BuildServiceProvider();
}
