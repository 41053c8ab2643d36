using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Signing;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Client;

/// <summary>The venue as the configuration names it, for commands that ask it without a silo.</summary>
internal static class VenueSetup
{
    /// <summary>Without a signer.</summary>
    public static VenueOptions Of(PolyArbOptions options, Secrets secrets) => new()
    {
        RestUrl = options.Venue.RestUrl,
        WsUrl = options.Venue.WebSocketUrl,
        GammaUrl = options.Venue.GammaUrl,
        ChainId = options.Venue.ChainId,
        SignatureType = options.Venue.SignatureType,
        Funder = options.Venue.Funder,
        AllowNonstandardLabels = options.Markets.AllowNonstandardYesNoLabels,
        Credentials = secrets.HasApiCredentials
            ? new Credentials(secrets.RevealApiKey()!, secrets.RevealApiSecret()!, secrets.RevealApiPassphrase()!)
            : null,
    };

    /// <summary>The one who signs for PRIVATE_KEY, which is set; to be disposed.</summary>
    public static SignerChoice SignerOf(PolyArbOptions options, Secrets secrets) => Signers.Create(
        secrets.RevealPrivateKey()!,
        options.Signer.Backend switch
        {
            SigningBackend.Auto => SignerBackend.Auto,
            SigningBackend.Managed => SignerBackend.Managed,
            SigningBackend.Native => SignerBackend.Native,
            _ => throw new System.Diagnostics.UnreachableException(),
        });

    /// <param name="clock">One that knows the venue's time already; null for a new one.</param>
    public static ServiceProvider Services(VenueOptions venue, TimeProvider time, VenueClock? clock = null)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(time).AddSingleton<IFrameTap, Unrecorded>().AddSingleton<IErrorLog, Unrecorded>().AddPolymarket(venue);
        if (clock is not null) services.AddSingleton(clock);
        return services.BuildServiceProvider();
    }

    /// <summary>Counts what comes in, and keeps none of it.</summary>
    private sealed class Unrecorded : IFrameTap, IErrorLog
    {
        private long _count;

        public long Take(InputKind kind, string connection, ReadOnlySpan<byte> text, Instant at) => Interlocked.Increment(ref _count);

        public void Keep(string where, string what, ReadOnlySpan<byte> bytes, Instant at)
        {
        }
    }
}
