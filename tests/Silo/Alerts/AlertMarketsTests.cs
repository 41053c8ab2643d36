using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Commands;
using PolyArb.Silo.Hosting;
using PolyArb.Storage;
using PolyArb.Tests.Grains;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>What is told of markets: of those that are on, and of no other.</summary>
public sealed class AlertMarketsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly Channel<Alert> _told = Channel.CreateUnbounded<Alert>();
    private readonly List<MarketLine> _markets = [];
    private long _failed = 5;
    private readonly LogLines _log = new();
    private int _looks;
    private volatile bool _isBroken;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Proofs_that_fail_are_told()
    {
        await using var watched = await Watch();
        await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => Volatile.Read(ref _looks) >= 1); // What failed before is no news.
        Interlocked.Add(ref _failed, 20);

        await Told("20 books were not what the venue's hash says");
    }

    [Fact]
    public async Task A_look_that_fails_again_is_said_again()
    {
        await using var watched = await Watch();
        for (var time = 1; time <= 2; time++)
        {
            _isBroken = true;
            await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => _log.Count("A look at the books failed: broken by the test") == time);
            _isBroken = false;
            var looks = Volatile.Read(ref _looks);
            await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => Volatile.Read(ref _looks) > looks + 1);
        }
    }

    [Fact]
    public async Task Twenty_that_are_on_are_listed_and_the_rest_counted()
    {
        Market("off", isEnabled: false);
        for (var i = 1; i <= 25; i++) Market($"on-{i}", isEnabled: true);

        var answer = await new CommandApi(Grains(), TimeProvider.System).Markets();

        var lines = answer.Text.Split('\n');
        Assert.True(answer.IsDone);
        Assert.Equal((21, "on-1: 1 of 1 books synced", "and 5 more"), (lines.Length, lines[0], lines[^1]));
    }

    private async Task<Watched> Watch()
    {
        var journal = _directory.Journal();
        var history = new SqlHistory(GatedSqliteDataSource.Durable(_directory["polyarb.db"]), GatedSqliteDataSource.Fast(_directory["events.db"]));
        var sending = new AlertSending([new KeptAlerts(_told.Writer)], _clock, NullLogger<AlertSending>.Instance);
        var desk = new AlertDesk(new AlertFilter(AlertLevel.Info, quiet: null), sending, Redactor.Nothing, _clock);
        var setup = new AlertSetup { DataDirectory = _directory.Root };
        var watch = new AlertWatch(Grains(), history, desk, setup, new LoggedErrors(), Here.Now, new StopOutcome(), _clock, _log.Of<AlertWatch>());
        await sending.StartAsync(Cancellation);
        await watch.StartAsync(Cancellation);
        return new Watched(watch, sending, history, journal);
    }

    private async Task Told(string begin) => await PassingTime.Until(
        _clock, TimeSpan.FromSeconds(1), () => _told.Reader.TryRead(out var alert) && alert.Text.StartsWith(begin, StringComparison.Ordinal));

    private void Market(string id, bool isEnabled) => _markets.Add(new MarketLine(new MarketId(id), id, 1, IsTradable: true, isEnabled, "", ""));

    private IGrainFactory Grains() => ScriptedCalls.Of<IGrainFactory>((method, _) => method.ReturnType.Name switch
    {
        nameof(IControl) => ScriptedCalls.Of<IControl>((_, _) => Task.FromResult(GivenView.Status)),
        nameof(IRegistryControl) => ScriptedCalls.Of<IRegistryControl>((_, _) => Task.FromResult(_markets.ToImmutableArray())),
        nameof(IClusterView) => ScriptedCalls.Of<IClusterView>((call, _) => call.Name is nameof(IClusterView.Totals) ? Task.FromResult(Totals()) : Task.FromResult(Views())),
        _ => throw new NotSupportedException(method.ToString()),
    });

    private MarketTotals Totals()
    {
        if (_isBroken) throw new InvalidOperationException("broken by the test");

        var failed = Interlocked.Read(ref _failed);
        Interlocked.Increment(ref _looks);
        return new MarketTotals(1, 1, 0, new ProofCounts(100, failed, 0), [], 0);
    }

    private ImmutableArray<MarketView> Views() => [.. _markets.Where(market => market.IsEnabled).Select(market => new MarketView(
        market.Id, "", 1, 1, 0, default, ImmutableDictionary<string, long>.Empty, 0, 0, 0, HasOpenBasket: false, 0, "", 0, GuardsView.None))];

    private sealed class Watched(AlertWatch watch, AlertSending sending, SqlHistory history, GatedSqliteDataSource journal) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await watch.StopAsync(CancellationToken.None);
            await sending.StopAsync(new CancellationToken(canceled: true)); // What waits may go.
            watch.Dispose();
            sending.Dispose();
            history.Dispose();
            await journal.DisposeAsync();
        }
    }
}
