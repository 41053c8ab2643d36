using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Config;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.Signing;
using VenueOptions = PolyArb.Polymarket.VenueOptions;

namespace PolyArb.Client.Doctor;

/// <summary>An account whose credentials the venue took, and the venue's services in its name.</summary>
internal sealed record Account(VenueOptions Venue, ServiceProvider Services, string Proof);

/// <summary>
/// A valid configuration under examination, and what several checks need of it. Each of those is looked for once, when it is first
/// needed; nobody waits for what he does not need.
/// </summary>
internal sealed class Patient : IAsyncDisposable
{
    private readonly CancellationToken _stop;
    private readonly ServiceProvider _services;
    private readonly ConcurrentBag<ServiceProvider> _made = [];
    private readonly ConcurrentBag<string> _secrets = [];
    private readonly Lazy<Task<Check>> _clob;
    private readonly Lazy<Task<Check>> _gamma;
    private readonly Lazy<Task<Check>> _clock;

    public Patient(
        PolyArbOptions options, Secrets secrets, string dataDirectory, DoctorArguments arguments, TimeProvider time, CancellationToken stop)
    {
        (Options, DataDirectory, Arguments, Time, _stop) = (options, dataDirectory, arguments, time, stop);
        Hide(secrets.RevealPrivateKey(), secrets.RevealApiKey(), secrets.RevealApiSecret(), secrets.RevealApiPassphrase());
        (Venue, Key) = KeyOf(options, secrets);
        _services = VenueSetup.Services(Venue, time);
        _clob = new(() => Within(deadline => HostProbe.Get(At(Venue.RestUrl, "ok"), "CLOB_REST_URL", time, deadline)));
        _gamma = new(() => Within(deadline => HostProbe.Get(At(options.Venue.GammaUrl, "markets?limit=1"), "GAMMA_API_URL", time, deadline)));
        _clock = new(() => Within(FindClock));
    }

    public PolyArbOptions Options { get; }

    public string DataDirectory { get; }

    public DoctorArguments Arguments { get; }

    public TimeProvider Time { get; }

    /// <summary>Without credentials unless they are configured; without a signer when there is no key.</summary>
    public VenueOptions Venue { get; }

    public Finding<IDigestSigner> Key { get; }

    public Task<Check> Clob => _clob.Value;

    public Task<Check> Gamma => _gamma.Value;

    /// <summary>Once it is done, signed requests carry the venue's time if ours is wrong.</summary>
    public Task<Check> Clock => _clock.Value;

    /// <summary>Why nothing can be asked of the order book; null when it answers.</summary>
    public async Task<Gap?> NoClob() => await Clob is { Status: CheckStatus.Fail } found ? new Gap(found, "the order book does not answer") : null;

    public async Task<Gap?> NoGamma() => await Gamma is { Status: CheckStatus.Fail } found ? new Gap(found, "the catalogue does not answer") : null;

    /// <summary>A path of the venue's under the address that is configured, which may have a path of its own.</summary>
    public static Uri At(Uri host, string path) => new($"{host.AbsoluteUri.TrimEnd('/')}/{path}");

    /// <summary>One piece of work under the deadline of one check.</summary>
    public async Task<Check> Within(Func<CancellationToken, Task<Check>> work)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stop);
        deadline.CancelAfter(Arguments.Patience);
        try
        {
            var check = await work(deadline.Token);
            return check.Status is CheckStatus.Pass || !deadline.IsCancellationRequested ? check : Late(check.Remedy);
        }
        catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
        {
            return Late("see whether it answers at all; --timeout waits longer");
        }

        Check Late(string remedy) => Check.Fail($"no answer within {Arguments.Patience.TotalSeconds:F0} s", remedy);
    }

    /// <summary>The text without any secret that came near this program, whoever wrote it there.</summary>
    public string Redact(string text)
    {
        foreach (var secret in _secrets) text = text.Replace(secret, "(not shown)", StringComparison.OrdinalIgnoreCase);
        return text;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        foreach (var services in _made) await services.DisposeAsync();
    }

    private static (VenueOptions Venue, Finding<IDigestSigner> Key) KeyOf(PolyArbOptions options, Secrets secrets)
    {
        if (!secrets.HasPrivateKey)
        {
            var missing = Check.Warn("no private key: not needed for dry run", "for real orders set PRIVATE_KEY in .env");
            return (VenueSetup.Of(options, secrets), new(new Gap(missing, "there is no private key: not needed for dry run")));
        }

        try
        {
            var venue = VenueSetup.Of(options, secrets);
            return (venue, new Finding<IDigestSigner>(venue.Signer!));
        }
        catch (FormatException e)
        {
            var bad = Check.Fail(e.Message, "set PRIVATE_KEY to the key of a wallet");
            return (VenueSetup.WithoutKey(options), new(new Gap(bad, "the private key is none")));
        }
    }

    private async Task<Check> FindClock(CancellationToken deadline)
    {
        if (await NoClob() is { } gap) return gap.NotChecked;

        var clock = _services.GetRequiredService<VenueClock>();
        using var http = new HttpClient { BaseAddress = Venue.RestUrl };
        return await clock.Sync(http, deadline)
            ? HostChecks.Skew(clock.Offset)
            : Check.Fail("the venue does not tell its time", "requests would be signed with our clock: see that it is right, and try again");
    }

    private void Hide(params IEnumerable<string?> secrets)
    {
        foreach (var secret in secrets.OfType<string>()) _secrets.Add(secret);
    }
}
