using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Storage;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Client.Commands;

/// <param name="Data">Null: ./data.</param>
/// <param name="Config">Null: config.yaml when there is one.</param>
/// <param name="Patience">For all of the venue's part.</param>
internal sealed record KillDirectArguments(string? Data, string? Config, string Reason, TimeSpan Patience);

/// <summary>
/// `kill --direct`: needs no silo, and helps where one hangs. The stop file comes first, so that no silo sends another order while
/// the venue's are cancelled, and none starts trading afterwards.
/// </summary>
internal sealed class KillDirect(Surroundings surroundings, Output output, CancellationToken cancellation)
{
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromMilliseconds(250);

    private string _stop = ""; // What became of the stop file. A silo may have obeyed it, and put it away, before the venue has answered.
    private bool _isWritten;

    public async Task<int> Run(KillDirectArguments asked)
    {
        var file = Written(asked);
        var (options, secrets) = Configured(asked.Config);
        if (!secrets.HasPrivateKey && !secrets.HasApiCredentials)
            return Report(file, "there is no PRIVATE_KEY (dry run), so there is nothing to cancel at the venue", left: null);
        if (!secrets.HasPrivateKey)
            throw Failed("the venue was NOT asked to cancel: PRIVATE_KEY is not set, and CLOB_API_KEY alone does not say whose orders they are");

        using var signer = SignerOf(options, secrets);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(asked.Patience);
        var venue = await Account(VenueSetup.Of(options, secrets) with { Signer = signer }, deadline.Token);
        await using var services = venue.Services;
        return await Left(services.GetRequiredService<IVenue>(), deadline.Token) is { } left
            ? Report(file, $"venue NOT confirmed: {left}", left)
            : Report(file, "everything is cancelled at the venue, open orders read empty twice", left: null);
    }

    private StopFile Written(KillDirectArguments asked)
    {
        var directory = surroundings.DataDirectory(asked.Data);
        var file = new StopFile(directory);
        if (!Directory.Exists(directory))
        {
            _stop = $"the stop file is NOT written ({directory}: no such directory: name the silo's with --data DIR)";
            if (!output.IsJson) output.Line($"{directory}: no such directory, so a silo goes on; cancelling at the venue all the same");
            return file;
        }

        try
        {
            file.Write(OperatorName.Of(surroundings.Environment), asked.Reason, surroundings.Time.GetUtcNow());
            (_isWritten, _stop) = (true, "the stop file is written");
            if (!output.IsJson) output.Line($"{file.Path} is written: a silo there stops, and the next one starts SAFE");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _stop = "the stop file is NOT written";
            if (!output.IsJson) output.Line($"{file.Path} could NOT be written ({e.Message}): a silo there goes on; cancelling at the venue all the same");
        }

        return file;
    }

    private (PolyArbOptions Options, Secrets Secrets) Configured(string? config) => surroundings.Load(config) switch
    {
        ConfigResult.Invalid(var lines) => throw new CommandException(
            string.Join('\n', [.. lines, $"{_stop}; the venue was NOT asked to cancel, for want of a configuration"]), ExitCode.Usage),
        ConfigResult.Ok(var options, var secrets) => (options, secrets),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private IDigestSigner SignerOf(PolyArbOptions options, Secrets secrets) => VenueSetup.SignerOf(options, secrets) switch
    {
        SignerChoice.Made(var signer, _) => signer,
        SignerChoice.Unavailable(var why) => throw Failed($"the venue was NOT asked to cancel: {options.Parameters["signer.backend"].Complaint(why)}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The venue in the wallet's name; without credentials those that the silo derived.</summary>
    private async Task<(VenueOptions Options, ServiceProvider Services)> Account(VenueOptions venue, CancellationToken deadline)
    {
        var services = VenueSetup.Services(venue, surroundings.Time);
        var clock = services.GetRequiredService<VenueClock>();
        using var http = new HttpClient { BaseAddress = venue.RestUrl, Timeout = TimeSpan.FromSeconds(2) };
        await clock.Sync(http, deadline); // Else a wrong clock of ours reads as a wrong signature.
        if (venue.Credentials is not null) return (venue, services);

        await using (services)
        {
            switch (await services.GetRequiredService<PolymarketKeys>().CreateOrDerive(deadline))
            {
                case VenueAnswer<Credentials>.Ok(var credentials):
                    venue = venue with { Credentials = credentials };
                    return (venue, VenueSetup.Services(venue, surroundings.Time, clock));
                case VenueAnswer<Credentials>.Unavailable(var failure):
                    throw Failed($"venue NOT confirmed: no API key from {venue.RestUrl.Authority}: {failure.Why}; cancel at the venue by hand");
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
    }

    /// <summary>Null when nothing is open at the venue, else what is left or unknown.</summary>
    private async Task<string?> Left(IVenue venue, CancellationToken deadline) =>
        await CancelEverything.UntilEmpty(venue, () => Task.Delay(AskAgainAfter, surroundings.Time), deadline) switch
        {
            { IsRead: true } => null,
            { Left.IsEmpty: false } canceled => string.Join(' ', canceled.Left),
            var canceled => canceled.Why,
        };

    /// <summary>Both halves must hold for it to be done.</summary>
    private int Report(StopFile file, string text, string? left)
    {
        var isDone = left is null && _isWritten;
        if (output.IsJson) output.Document(new { done = isDone, text, stopFile = _isWritten ? file.Path : null });
        else if (isDone) output.Line(text);
        else throw Failed(text);

        return isDone ? ExitCode.Ok : ExitCode.Failed;
    }

    private CommandException Failed(string text) => new($"{_stop}; {text}", ExitCode.Failed);
}
