using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

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
        var venue = Venue(asked.Config);
        await using var services = VenueSetup.Services(venue, surroundings.Time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(asked.Patience);
        using var http = new HttpClient { BaseAddress = venue.RestUrl };
        await services.GetRequiredService<VenueClock>().Sync(http, deadline.Token); // Else a wrong clock of ours reads as a wrong signature.
        var answer = await ask(services.GetRequiredService<PolymarketKeys>(), deadline.Token);
        if (answer.ValueOr(out var why) is not { } credentials) throw Refused(venue, why!, hint);

        Show(credentials);
        return ExitCode.Ok;
    }

    /// <summary>Only words of the venue about the nonce are followed by what to do about a nonce.</summary>
    private static CommandException Refused(VenueOptions venue, string why, string hint) => new(
        $"no key from {venue.RestUrl.Authority}: {why}{(why.Contains("create api key", StringComparison.OrdinalIgnoreCase) || why.Contains("derive api key", StringComparison.OrdinalIgnoreCase) ? $"; {hint}" : "")}",
        ExitCode.Failed);

    private VenueOptions Venue(string? config)
    {
        switch (surroundings.Load(config))
        {
            case ConfigResult.Invalid(var lines):
                throw new CommandException(string.Join('\n', lines), ExitCode.Usage);
            case ConfigResult.Ok(_, { HasPrivateKey: false }):
                throw new CommandException("keys: PRIVATE_KEY is not set: put it into .env or the environment", ExitCode.Usage);
            case ConfigResult.Ok(var options, var secrets):
                return Signing(options, secrets);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static VenueOptions Signing(PolyArbOptions options, Secrets secrets)
    {
        try
        {
            return VenueSetup.Of(options, secrets) with { Signer = VenueSetup.SignerOf(secrets) };
        }
        catch (FormatException e)
        {
            throw new CommandException($"PRIVATE_KEY: {e.Message}", ExitCode.Usage);
        }
    }

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
