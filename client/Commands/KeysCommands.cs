using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;

namespace PolyArb.Client.Commands;

/// <param name="Config">Null: config.yaml when there is one.</param>
internal sealed record KeysArguments(string? Config, long Nonce, TimeSpan Patience);

/// <summary>`keys create` and `keys derive`: API credentials for the wallet of PRIVATE_KEY. They need no silo.</summary>
internal sealed class KeysCommands(Surroundings surroundings, Output output, CancellationToken cancellation)
{
    public Task<int> Create(KeysArguments asked) => Show(
        asked,
        (keys, deadline) => keys.Create(deadline, asked.Nonce),
        $"if nonce {asked.Nonce} has a key already, `polyarb-client keys derive --nonce {asked.Nonce}` shows it");

    public Task<int> Derive(KeysArguments asked) => Show(
        asked,
        (keys, deadline) => keys.Derive(deadline, asked.Nonce),
        $"if nonce {asked.Nonce} has no key yet, `polyarb-client keys create --nonce {asked.Nonce}` makes one");

    private async Task<int> Show(KeysArguments asked, Func<PolymarketKeys, CancellationToken, Task<VenueAnswer<Credentials>>> ask, string hint)
    {
        var (options, secrets) = Configured(asked.Config);
        using var signer = SignerOf(options, secrets);
        var venue = VenueSetup.Of(options, secrets) with { Signer = signer };
        await using var services = VenueSetup.Services(venue, surroundings.Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(asked.Patience);
        using var http = new HttpClient { BaseAddress = venue.RestUrl };
        await services.GetRequiredService<VenueClock>().Sync(http, deadline.Token); // Else a wrong clock of ours reads as a wrong signature.
        switch (await ask(services.GetRequiredService<PolymarketKeys>(), deadline.Token))
        {
            case VenueAnswer<Credentials>.Ok(var credentials):
                Show(credentials);
                return ExitCode.Ok;
            case VenueAnswer<Credentials>.Unavailable(var failure):
                throw new CommandException($"no key from {venue.RestUrl.Authority}: {failure.Why}{(failure is VenueFailure.Rejected ? $"; {hint}" : "")}", ExitCode.Failed);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private (PolyArbOptions Options, Secrets Secrets) Configured(string? config) => surroundings.Load(config) switch
    {
        ConfigResult.Invalid(var lines) => throw new CommandException(string.Join('\n', lines), ExitCode.Usage),
        ConfigResult.Ok(_, { HasPrivateKey: false }) => throw new CommandException("keys: PRIVATE_KEY is not set: put it into .env or the environment", ExitCode.Usage),
        ConfigResult.Ok(var options, var secrets) => (options, secrets),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static IDigestSigner SignerOf(PolyArbOptions options, Secrets secrets) => VenueSetup.SignerOf(options, secrets) switch
    {
        SignerChoice.Made(var signer, _) => signer,
        SignerChoice.Unavailable(var why) => throw new CommandException(options.Parameters["signer.backend"].Complaint(why), ExitCode.Usage),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private void Show(Credentials credentials)
    {
        var (apiKey, secret, passphrase) = credentials.Reveal();
        if (output.IsJson)
        {
            output.Document(new { apiKey, secret, passphrase });
            return;
        }

        output.Line("# Secrets: whoever has these three lines can cancel and, with the private key, trade. Put them into .env, nowhere else.");
        output.Line($"CLOB_API_KEY={apiKey}");
        output.Line($"CLOB_API_SECRET={secret}");
        output.Line($"CLOB_API_PASSPHRASE={passphrase}");
    }
}
