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
using Delivery = PolyArb.Silo.Alerts.Delivery;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>What is told of markets: of those that are on, and of no other.</summary>
public sealed class AlertMarketsTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly Channel<Alert> _told = Channel.CreateUnbounded<Alert>();
    private readonly List<MarketLine> _markets = [];
    private long _failed = 5;
    private int _looks;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Proofs_that_fail_are_told_of_markets_that_are_on()
    {
        Market("on-1", isEnabled: true);
        Market("off", isEnabled: false);
        Market("on-2", isEnabled: true);
        await using var journal = _directory.Journal();
        using var history = new SqliteHistory(_directory["polyarb.db"], _directory["events.db"]);
        using var sending = new AlertSending([new Kept(_told.Writer)], _clock, NullLogger<AlertSending>.Instance);
        var desk = new AlertDesk(new AlertFilter(AlertLevel.Info, quiet: null), sending, Redactor.Nothing, _clock);
        using var watch = new AlertWatch(
            Grains(), history, desk, new AlertSetup { DataDirectory = _directory.Root }, new LoggedErrors(), new StopOutcome(), _clock, NullLogger<AlertWatch>.Instance);
        await sending.StartAsync(Cancellation);
        await watch.StartAsync(Cancellation);
        await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => Volatile.Read(ref _looks) >= 2); // What failed before is no news.
        Interlocked.Add(ref _failed, 10);

        await Told("20 books were not what the venue's hash says");

        await watch.StopAsync(Cancellation);
        await sending.StopAsync(new CancellationToken(canceled: true));
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

    private async Task Told(string begin) => await PassingTime.Until(
        _clock, TimeSpan.FromSeconds(1), () => _told.Reader.TryRead(out var alert) && alert.Text.StartsWith(begin, StringComparison.Ordinal));

    private void Market(string id, bool isEnabled) => _markets.Add(new MarketLine(new MarketId(id), id, 1, IsTradable: true, isEnabled, "", ""));

    private IGrainFactory Grains() => ScriptedCalls.Of<IGrainFactory>((method, arguments) => method.ReturnType.Name switch
    {
        nameof(IControl) => ScriptedCalls.Of<IControl>((_, _) => Task.FromResult(GivenView.Status)),
        nameof(IRegistryControl) => ScriptedCalls.Of<IRegistryControl>((_, _) => Task.FromResult(_markets.ToImmutableArray())),
        nameof(IMarketView) => ScriptedCalls.Of<IMarketView>((_, _) => Task.FromResult(View((string)arguments[0]!))),
        _ => throw new NotSupportedException(method.ToString()),
    });

    private MarketView View(string id)
    {
        Assert.NotEqual("off", id);
        var proofs = new ProofCounts(100, Interlocked.Read(ref _failed), 0);
        Interlocked.Increment(ref _looks);
        return new MarketView(new MarketId(id), id, 1, 1, 0, proofs, ImmutableDictionary<string, long>.Empty, 0, 0, 0, HasOpenBasket: false, 0, "", 0, GuardsView.None);
    }

    private sealed class Kept(ChannelWriter<Alert> told) : IAlertChannel
    {
        public string Name => "kept";

        public int TriesMax => 1;

        public Task<Delivery> Send(Alert alert, CancellationToken cancellation)
        {
            told.TryWrite(alert);
            return Task.FromResult<Delivery>(new Delivery.Done());
        }
    }
}
