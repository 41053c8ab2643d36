using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Client.Doctor;

/// <summary>A wallet whose API credentials the venue took, and the venue's services in its name.</summary>
/// <param name="Proof">How that was seen.</param>
internal sealed record Account(VenueOptions Venue, ServiceProvider Services, string Proof)
{
    private const string Because = "the venue did not take the credentials";
    private const string Renew = "`polyarb-client keys derive` shows the ones that are right: put them into .env, or leave all three empty";

    public PolymarketAccount Reads => Services.GetRequiredService<PolymarketAccount>();

    public static Finding<SignerChoice.Made> KeyOf(PolyArbOptions options, Secrets secrets)
    {
        if (!secrets.HasPrivateKey)
        {
            return new(new Gap(
                Check.Warn("no private key: not needed for dry run", "for real orders set PRIVATE_KEY in .env"),
                "there is no private key: not needed for dry run"));
        }

        return VenueSetup.SignerOf(options, secrets) switch
        {
            SignerChoice.Made made => new(made),
            SignerChoice.Unavailable(var why) => new(new Gap(Check.Fail(why, "install it, or set signer.backend to auto"), "there is nothing to sign with")),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static async Task<Finding<Account>> Find(Patient patient)
    {
        if (!patient.Key.IsFound(out _, out var keyless)) return new(keyless.Follows);
        if (await patient.NoClob() is { } silent) return new(silent.Follows);

        await patient.Clock;
        return await patient.Within(Because, async deadline =>
        {
            var (credentials, origin, refusal) = patient.Venue.Credentials is { } configured
                ? (configured, "as configured", null)
                : await Derive(patient, deadline);
            if (credentials is null) return new(new Gap(Check.Fail(refusal!, "the venue's words say why; see `clock` and `region`"), Because));

            var (key, secret, passphrase) = credentials.Reveal();
            patient.Hide(key, secret, passphrase);
            return await Prove(patient, credentials, origin, deadline);
        });
    }

    /// <summary>Another signature type whose wallet holds money, if there is one: then the one that is configured is a mistake.</summary>
    public async Task<int?> TypeWithMoney(CancellationToken deadline)
    {
        for (var type = 0; type <= 3; type++)
        {
            if (type == Venue.SignatureType) continue;

            var other = new PolymarketAccount(Venue with { SignatureType = type }, Services.GetRequiredService<IHttpClientFactory>(), Services.GetRequiredService<VenueClock>());
            if ((await other.Balance(null, deadline)).ValueOr(out _) is { Micros: > 0 }) return type;
        }

        return null;
    }

    /// <summary>The key the wallet made before, else a new one, as a silo does at its start.</summary>
    private static async Task<(Credentials? Credentials, string Origin, string? Refusal)> Derive(Patient patient, CancellationToken deadline)
    {
        var keys = patient.Services.GetRequiredService<PolymarketKeys>();
        if ((await keys.Derive(deadline)).ValueOr(out _) is { } derived) return (derived, "derived from the private key", null);

        return (await keys.Create(deadline)).ValueOr(out var refusal) is { } created ? (created, "made just now", null) : (null, "", refusal);
    }

    private static async Task<Finding<Account>> Prove(Patient patient, Credentials credentials, string origin, CancellationToken deadline)
    {
        try
        {
            var venue = patient.Venue with { Credentials = credentials };
            var services = patient.Own(VenueSetup.Services(venue, patient.Time, patient.Services.GetRequiredService<VenueClock>()));
            var answer = await services.GetRequiredService<PolymarketAccount>().ApiKeys(deadline);
            if (answer.ValueOr(out var why) is not { IsDefault: false } keys) return new(new Gap(Check.Fail(why!, Renew), Because));

            return keys.Contains(credentials.ApiKey, StringComparer.OrdinalIgnoreCase)
                ? new(new Account(venue, services, $"{origin}; the venue took a request signed with them"))
                : new(new Gap(Check.Fail("the venue took the credentials and does not list their key", Renew), Because));
        }
        catch (FormatException e)
        {
            return new(new Gap(Check.Fail(e.Message, Renew), Because));
        }
    }
}
