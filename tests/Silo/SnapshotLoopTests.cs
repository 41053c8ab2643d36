using System.Collections.Immutable;
using System.Reflection;
using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Domain;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Metrics;
using PolyArb.Tests.Grains;
using PolyArb.Tests.Silo.Alerts;
using Xunit;
using Given = PolyArb.Tests.Domain.Given;

namespace PolyArb.Tests.Silo;

/// <summary>What is asked of grains that are scripts, and which books fit into a snapshot.</summary>
public sealed class SnapshotLoopTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly LogLines _log = new();
    private readonly Kept _kept = new();
    private readonly Dictionary<string, MarketView> _markets = [];
    private Exception? _failure;
    private SnapshotLoop? _loop;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _loop?.Dispose();

    [Fact]
    public async Task Books_are_those_of_the_open_basket_then_of_the_busiest_as_long_as_they_fit()
    {
        Market("quiet", conditions: 1, events: 1);
        Market("busy", conditions: 3, events: 900);
        Market("huge", conditions: 50, events: 999);
        Market("empty", conditions: 0, events: 950);
        Market("open", conditions: 4, events: 2, hasOpenBasket: true);
        Market("next", conditions: 3, events: 800);

        var snapshot = await First(booksMax: 8);

        Assert.Equal(["open", "busy", "quiet"], snapshot.Books.Select(books => books.Id.Text));
        Assert.Equal(_markets.Keys, snapshot.Markets.Select(market => market.Id.Text));
    }

    [Fact]
    public async Task A_market_that_does_not_show_its_books_hides_no_other()
    {
        Market("silent", conditions: 1, events: 900);
        Market("busy", conditions: 1, events: 800);

        var snapshot = await First(booksMax: 8);

        Assert.Equal(["busy"], snapshot.Books.Select(books => books.Id.Text));
        Assert.Equal(1, _log.Count("silent did not show its books for a snapshot: broken by the test"));
    }

    [Fact]
    public async Task A_gateway_that_fails_is_said_once_and_asked_again_until_it_does_not()
    {
        _failure = new InvalidOperationException("broken by the test");
        _loop = Loop(booksMax: 8);
        await _loop.StartAsync(Cancellation);
        for (var round = 0; round < 3; round++) _clock.Advance(TimeSpan.FromSeconds(5));
        await PassingTime.Until(_clock, TimeSpan.FromSeconds(5), () => _log.Count("was not read: broken by the test") > 0);
        var before = _clock.GetUtcNow();
        await PassingTime.Until(_clock, TimeSpan.FromSeconds(5), () => _clock.GetUtcNow() - before > TimeSpan.FromMinutes(2));
        Assert.Equal(1, _log.Count("was not read"));

        _failure = null;
        await PassingTime.Until(_clock, TimeSpan.FromSeconds(5), () => _kept.Came.Reader.TryPeek(out _));
        await _loop.StopAsync(Cancellation);
    }

    private async Task<SiloSnapshot> First(int booksMax)
    {
        _loop = Loop(booksMax);
        await _loop.StartAsync(Cancellation);
        var snapshot = await _kept.Came.Reader.ReadAsync(Cancellation);
        await _loop.StopAsync(Cancellation);
        return snapshot;
    }

    private SnapshotLoop Loop(int booksMax)
    {
        var grains = ScriptedCalls.Of<IGrainFactory>((method, arguments) => method.ReturnType.Name switch
        {
            nameof(IControl) => ScriptedCalls.Of<IControl>((_, _) => _failure is null ? Task.FromResult(GivenView.Status) : throw _failure),
            nameof(IClusterView) => ScriptedCalls.Of<IClusterView>((_, _) => Task.FromResult(_markets.Values.ToImmutableArray())),
            nameof(IMarketView) => ScriptedCalls.Of<IMarketView>((_, _) => Task.FromResult(Books((string)arguments[0]!))),
            _ => throw new NotSupportedException(method.ToString()),
        });
        return new SnapshotLoop(grains, new SnapshotPlan(TimeSpan.FromSeconds(5), booksMax, Levels: 5), [_kept], _clock, _log.Of<SnapshotLoop>());
    }

    private static MarketBooks Books(string market) => market is "silent"
        ? throw new InvalidOperationException("broken by the test")
        : new MarketBooks(new MarketId(market), "", NegRisk: false, Given.Noon, [], null, null);

    private void Market(string id, int conditions, long events, bool hasOpenBasket = false) => _markets[id] = new MarketView(
        new MarketId(id), "", conditions, 0, 0, default, ImmutableDictionary<string, long>.Empty, events, 0, 0, hasOpenBasket, 0, "", 0, GuardsView.None);

    private sealed class Kept : ISnapshotReader
    {
        public Channel<SiloSnapshot> Came { get; } = Channel.CreateUnbounded<SiloSnapshot>();

        public void Take(SiloSnapshot snapshot) => Came.Writer.TryWrite(snapshot);
    }
}

/// <summary>An interface whose every call is answered by one function.</summary>
public class ScriptedCalls : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _answer = (_, _) => null;

    public static T Of<T>(Func<MethodInfo, object?[], object?> answer)
        where T : class
    {
        var proxy = Create<T, ScriptedCalls>();
        ((ScriptedCalls)(object)proxy)._answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _answer(targetMethod!, args ?? []);
}
