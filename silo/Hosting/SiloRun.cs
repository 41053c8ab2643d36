using System.Net;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.CommandLine;
using PolyArb.Silo.Web;
using PolyArb.Storage;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Silo.Hosting;

/// <summary>A silo on the configured venue: dry run unless the configuration says otherwise.</summary>
internal sealed class SiloRun(SiloArguments.Run arguments, TimeProvider time)
{
    private const int KeyTries = 5;
    private const string DotEnv = ".env";

    public async Task<int> Run(CancellationToken interrupted)
    {
        switch (Load())
        {
            case ConfigResult.Invalid(var lines):
                foreach (var line in lines) await Console.Error.WriteLineAsync($"polyarb-silo: {line}");
                return 2;
            case ConfigResult.Ok({ Runtime.Mode: BotMode.Backtest }, _):
                await Console.Error.WriteLineAsync("polyarb-silo: BOT_MODE=backtest: say --mode backtest --events FILE, or --mode live to trade");
                return 2;
            case ConfigResult.Ok loaded:
                return await Run(loaded, interrupted);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>At the start, and again at every reload.</summary>
    private ConfigResult Load()
    {
        var environment = new Dictionary<string, string>(EnvironmentVariables.OfProcess());
        if (arguments.IsLive) environment["BOT_MODE"] = "live"; // Written on the command line, so it beats the rest.
        return ConfigLoader.Load(arguments.ConfigPath, environment, DotEnv);
    }

    private async Task<int> Run(ConfigResult.Ok loaded, CancellationToken interrupted)
    {
        var (options, secrets) = loaded;
        var backend = BackendOf(options.Signer);
        switch (HoldsKey(loaded) ? Signers.Create(secrets.RevealPrivateKey()!, backend) : Signers.CreateRandom(backend))
        {
            case SignerChoice.Unavailable(var why):
                await Console.Error.WriteLineAsync($"polyarb-silo: {options.Parameters["signer.backend"].Complaint(why)}");
                return 2;
            case SignerChoice.Made(var signer, var library):
                using (signer) return await Run(loaded, signer, library, interrupted);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private async Task<int> Run(ConfigResult.Ok loaded, IDigestSigner signer, string library, CancellationToken interrupted)
    {
        var (options, secrets) = loaded;
        if (HoldsKey(loaded) && WalletFit.Misfit(options.Venue.SignatureType, options.Venue.Funder, signer.Address) is var (what, remedy))
        {
            await Console.Error.WriteLineAsync($"polyarb-silo: {what}: {remedy}"); // Else another wallet would trade than the one that is meant.
            return 2;
        }

        var isOfMarkets = !options.Runtime.DryRun && !HoldsKey(loaded);
        var account = HoldsKey(loaded) ? await LiveAccount(options.Venue, signer, secrets, interrupted) : NobodysAccount(options.Venue, signer);
        var venue = account with
        {
            AllowNonstandardLabels = options.Markets.AllowNonstandardYesNoLabels,
            WaitingMax = options.Runtime.EventQueueMaxSize,
        };
        var redactor = options.Runtime.DryRun ? new Redactor(secrets.RevealAll()) : new Redactor([.. secrets.RevealAll(), .. Revealed(venue.Credentials!)]);
        Console.SetOut(new RedactingWriter(Console.Out, redactor));
        Console.SetError(new RedactingWriter(Console.Error, redactor));
        var identity = options.Runtime.DryRun
            ? Identity.Paper(venue.ChainId, venue.RestUrl)
            : isOfMarkets ? Identity.Markets(venue.ChainId, venue.RestUrl)
            : Identity.Live(venue.ChainId, venue.RestUrl, venue.Funder ?? venue.Signer!.Address.ToString());
        Ports.MustBeFree(options.Silo.Address, options.Silo.Port, options.Silo.GatewayPort);
        if ((WebSetup.Complaint(options) ?? AlertSetup.Complaint(options, secrets)) is { } complaint)
        {
            await Console.Error.WriteLineAsync($"polyarb-silo: {complaint}");
            return 2;
        }

        using var database = options.Persistence.Provider is StorageProvider.Postgres ? PostgresDatabase.Open(secrets.RevealDatabase()!, identity) : null;
        using var data = database is not null
            ? DataDirectory.OpenBeside(arguments.DataDirectory, identity, time, options.Persistence.DbPath, options.Recorder.DbPath)
            : DataDirectory.Open(arguments.DataDirectory, identity, time, options.Persistence.DbPath, options.Recorder.DbPath);
        var readable = Task.Run(() => MustBeReadable(database is not null ? database : data.Journal, interrupted), interrupted); // Beside the host's making: both are mostly compiling.
        using var host = SiloHost.Build(
            new SiloSetup
            {
                Data = data,
                Cluster = database is not null ? new ClusterSetup(database, secrets.RevealDatabase()!) : null,
                HoldsKey = !isOfMarkets,
                Venue = venue,
                Configuration = new Configuration(options, changed => SiloSetup.RulesOf(changed, mode: "live"), Load, secrets),
                Address = options.Silo.Address,
                SiloPort = options.Silo.Port,
                GatewayPort = options.Silo.GatewayPort,
                EnableAll = options.Markets.All,
                Seeds = options.Markets.Enabled,
                LogLevel = options.Runtime.LogLevel,
                Paper = options.Runtime.DryRun ? options.Paper : null,
                SettlesAt = null,
                Recorder = options.Recorder,
                WaitingHighWatermark = options.Runtime.EventQueueHighWatermark,
                Redactor = redactor,
                Door = new ControlDoor(secrets.RevealControlToken(), IPAddress.IsLoopback(options.Silo.Address)),
                Snapshots = options.Snapshot,
                Persistence = options.Persistence,
                Metrics = options.Metrics,
                Traces = options.Traces,
                Web = WebSetup.Of(options, secrets.RevealControlToken()),
                Alerts = AlertSetup.Of(options, secrets, data.Root, data.DiedBefore),
            },
            time);

        await readable;
        Logging.SigningWith(host.Services, library);
        Logging.Overruled(host.Services, loaded.Overruled);
        if (!OperatingSystem.IsWindows() && DotEnvFile.OthersMay(DotEnv) is var others && others != UnixFileMode.None) Logging.OthersMay(host.Services, DotEnv, others);
        await host.StartAsync(interrupted);
        Console.WriteLine($"silo {options.Silo.Address}:{options.Silo.GatewayPort}, {(options.Runtime.DryRun ? "dry run: no order leaves this process" : isOfMarkets ? "markets only: no PRIVATE_KEY" : "LIVE")}, data {data.Root}");
        if (host.Services.GetService<WebServer>() is { } web) Console.WriteLine($"dashboard {web.Url}");
        using var stop = interrupted.Register(() => host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication());
        await host.WaitForShutdownAsync(CancellationToken.None);
        return host.Services.GetRequiredService<StopOutcome>().IsStopConfirmed ? 0 : 1;
    }

    private static string[] Revealed(Credentials credentials) => credentials.Reveal() is var (key, secret, passphrase) ? [key, secret, passphrase] : [];

    /// <summary>A journal that cannot be read ends the start here, with one line, and not the gateway again and again.</summary>
    private static async Task MustBeReadable(IDatabase database, CancellationToken cancellation)
    {
        await using var journal = new SqlJournal(database);
        try
        {
            await foreach (var _ in journal.ReadAll(cancellation))
            {
            }
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new StorageException($"{database.Name} holds a fact that cannot be read ({e.Message}): restore it from a backup");
        }
    }

    private static SignerBackend BackendOf(SignerOptions signer) => signer.Backend switch
    {
        SigningBackend.Auto => SignerBackend.Auto,
        SigningBackend.Managed => SignerBackend.Managed,
        SigningBackend.Native => SignerBackend.Native,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A dry run holds none whatever is set; of a cluster some silos have none.</summary>
    private static bool HoldsKey(ConfigResult.Ok loaded) => !loaded.Options.Runtime.DryRun && loaded.Secrets.HasPrivateKey;

    /// <summary>Its key is one that nobody knows: it signs, so that nothing else differs from live, and nobody accepts it.</summary>
    private static VenueOptions NobodysAccount(Config.VenueOptions venue, IDigestSigner signer) => Account(venue, signer) with
    {
        SignatureType = 0,
        Funder = null,
        Credentials = new Credentials("paper", "cGFwZXI=", "paper"),
    };

    private async Task<VenueOptions> LiveAccount(
        Config.VenueOptions configured, IDigestSigner signer, Secrets secrets, CancellationToken cancellation)
    {
        var venue = Account(configured, signer);
        if (secrets.HasApiCredentials)
            return venue with { Credentials = new Credentials(secrets.RevealApiKey()!, secrets.RevealApiSecret()!, secrets.RevealApiPassphrase()!) };

        await using var services = new ServiceCollection().AddLogging().AddSingleton(time).AddPolymarket(venue).BuildServiceProvider();
        var why = "";
        for (var tries = 0; tries < KeyTries; tries++)
        {
            switch (await services.GetRequiredService<PolymarketKeys>().CreateOrDerive(cancellation))
            {
                case VenueAnswer<Credentials>.Ok(var credentials):
                    return venue with { Credentials = credentials };
                case VenueAnswer<Credentials>.Unavailable unavailable:
                    why = unavailable.Why;
                    await Console.Error.WriteLineAsync($"polyarb-silo: no API key from {venue.RestUrl} yet: {why}");
                    await Task.Delay(TimeSpan.FromSeconds(1 << tries), time, cancellation);
                    break;
            }
        }

        throw new InvalidOperationException($"no API key from {venue.RestUrl} after {KeyTries} tries: {why}; set CLOB_API_KEY, CLOB_API_SECRET, CLOB_API_PASSPHRASE or try later");
    }

    private static VenueOptions Account(Config.VenueOptions venue, IDigestSigner signer) => new()
    {
        RestUrl = venue.RestUrl,
        WsUrl = venue.WebSocketUrl,
        GammaUrl = venue.GammaUrl,
        DataUrl = venue.DataUrl,
        ChainId = venue.ChainId,
        SignatureType = venue.SignatureType,
        Funder = venue.Funder,
        TokenSilence = venue.TokenSilence,
        SocketAgeMax = venue.SocketAgeMax,
        Signer = signer,
    };
}
