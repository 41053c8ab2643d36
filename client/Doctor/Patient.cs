using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Client.Doctor;

/// <summary>
/// A valid configuration under examination, and what several checks need of it. Each of those is looked for once, when it is first
/// needed; nobody waits for what he does not need.
/// </summary>
internal sealed class Patient : IAsyncDisposable
{
    public const string WasInterrupted = "the doctor was interrupted";

    private readonly ConcurrentBag<string> _secrets = [];
    private readonly ConcurrentBag<IAsyncDisposable> _owned = [];
    private readonly string? _database;
    private readonly Lazy<Task<Check>> _clob;
    private readonly Lazy<Task<Check>> _gamma;
    private readonly Lazy<Task<Check>> _clock;
    private readonly Lazy<Task<Finding<Account>>> _account;
    private readonly Lazy<Task<Finding<BalanceAllowance>>> _collateral;
    private readonly Lazy<Task<Finding<Subject>>> _subject;
    private readonly Lazy<Task<Finding<ConditionBook>>> _books;

    public Patient(
        PolyArbOptions options, Secrets secrets, string dataDirectory, DoctorArguments arguments, TimeProvider time, CancellationToken stop)
    {
        (Options, DataDirectory, Arguments, Time, Stop) = (options, dataDirectory, arguments, time, stop);
        Hide(secrets.RevealPrivateKey(), secrets.RevealApiKey(), secrets.RevealApiSecret(), secrets.RevealApiPassphrase(), secrets.RevealControlToken());
        _database = options.Persistence.Provider is StorageProvider.Postgres ? secrets.RevealDatabase() : null;
        Key = Doctor.Account.KeyOf(options, secrets);
        Venue = VenueSetup.Of(options, secrets) with { Signer = Key.IsFound(out var key, out _) ? key.Signer : null };
        Services = Own(VenueSetup.Services(Venue, time));
        _clob = new(() => Within(deadline => HostProbe.Get(At(Venue.RestUrl, "ok"), "CLOB_REST_URL", time, deadline)));
        _gamma = new(() => Within(deadline => HostProbe.Get(At(options.Venue.GammaUrl, "markets?limit=1"), "GAMMA_API_URL", time, deadline)));
        _clock = new(() => HostChecks.FindClock(this));
        _account = new(() => Doctor.Account.Find(this));
        _collateral = new(() => AccountChecks.FindCollateral(this));
        _subject = new(() => Doctor.Subject.Find(this));
        _books = new(() => MarketChecks.FindBooks(this));
    }

    /// <summary>Of a cluster's silo; null: its journal is a file.</summary>
    public string? RevealDatabase() => _database;

    public PolyArbOptions Options { get; }

    public string DataDirectory { get; }

    public DoctorArguments Arguments { get; }

    public TimeProvider Time { get; }

    /// <summary>The operator has had enough.</summary>
    public CancellationToken Stop { get; }

    /// <summary>With the credentials that are configured; without a signer when there is no key.</summary>
    public VenueOptions Venue { get; }

    /// <summary>In nobody's name.</summary>
    public ServiceProvider Services { get; }

    public Finding<SignerChoice.Made> Key { get; }

    public Task<Check> Clob => _clob.Value;

    public Task<Check> Gamma => _gamma.Value;

    /// <summary>Once it is done, signed requests carry the venue's time where ours is wrong.</summary>
    public Task<Check> Clock => _clock.Value;

    /// <summary>The wallet with API credentials that the venue took.</summary>
    public Task<Finding<Account>> Account => _account.Value;

    public Task<Finding<BalanceAllowance>> Collateral => _collateral.Value;

    /// <summary>The condition that is looked at.</summary>
    public Task<Finding<Subject>> Subject => _subject.Value;

    /// <summary>Its books, proven.</summary>
    public Task<Finding<ConditionBook>> Books => _books.Value;

    public static Check Interrupted => Check.NotChecked(CheckStatus.Fail, WasInterrupted, "run it again");

    /// <summary>Why nothing can be asked of the order book; null when it answers.</summary>
    public async Task<Gap?> NoClob() => await Clob is { Status: CheckStatus.Fail } found ? new Gap(found, "the order book does not answer") : null;

    public async Task<Gap?> NoGamma() => await Gamma is { Status: CheckStatus.Fail } found ? new Gap(found, "the catalogue does not answer") : null;

    /// <summary>A path under the address that is configured, which may have a path of its own.</summary>
    public static Uri At(Uri host, string path) => new($"{host.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>One piece of work under the deadline of one check. It never throws for want of time.</summary>
    public async Task<Check> Within(Func<CancellationToken, Task<Check>> work)
    {
        using var deadline = Deadline(Arguments.Patience);
        try
        {
            var check = await work(deadline.Token);
            return check.Status is CheckStatus.Pass || !deadline.IsCancellationRequested ? check : Late(Arguments.Patience, check.Remedy);
        }
        catch (OperationCanceledException)
        {
            return Late(Arguments.Patience);
        }
    }

    /// <summary>The same for what others need.</summary>
    /// <param name="because">The reason they give when it is not found in time.</param>
    public async Task<Finding<T>> Within<T>(string because, Func<CancellationToken, Task<Finding<T>>> work, TimeSpan atLeast = default)
        where T : class
    {
        var patience = atLeast > Arguments.Patience ? atLeast : Arguments.Patience;
        using var deadline = Deadline(patience);
        try
        {
            var finding = await work(deadline.Token);
            return finding.IsFound(out _, out var gap) || !deadline.IsCancellationRequested ? finding : new(new Gap(Late(patience, gap.Found.Remedy), Reason(because)));
        }
        catch (OperationCanceledException)
        {
            return new(new Gap(Late(patience), Reason(because)));
        }
    }

    public void Hide(params IEnumerable<string?> secrets)
    {
        foreach (var secret in secrets.OfType<string>().Where(secret => secret.Length > 0)) _secrets.Add(secret);
    }

    /// <summary>The text without any secret that came near this program, whoever wrote it there.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "(not shown)", StringComparison.OrdinalIgnoreCase);
        return text;
    }

    /// <summary>Disposed with the patient.</summary>
    public T Own<T>(T made)
        where T : IAsyncDisposable
    {
        _owned.Add(made);
        return made;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var made in _owned) await made.DisposeAsync();
        if (Key.IsFound(out var key, out _)) key.Signer.Dispose();
    }

    private CancellationTokenSource Deadline(TimeSpan patience)
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(patience);
        return deadline;
    }

    private string Reason(string because) => Stop.IsCancellationRequested ? WasInterrupted : because;

    private Check Late(TimeSpan patience, string remedy = "see whether it answers at all; --timeout waits longer") => Stop.IsCancellationRequested
        ? Interrupted
        : Check.Fail($"no answer within {patience.TotalSeconds:F0} s", remedy);
}
