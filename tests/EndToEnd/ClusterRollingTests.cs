using System.Collections.Concurrent;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>An update of a cluster that trades: SIGTERM and a start, one silo after the other, while people look and steer.</summary>
[Collection(nameof(EndToEnd))]
public sealed class ClusterRollingTests(ITestOutputHelper output, PostgresServer server)
{
    private const string Quoting = """
        maker:
          enabled: true
          improve_ticks: 1
        order:
          default_ttl_ms: 600000
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_call_fails_and_nothing_is_stopped_while_each_silo_is_restarted()
    {
        await using var day = await ClusterDay.Start(output, server, "maker", seed: 23, Quoting);
        ClusterSilo[] silos = [day.Add("a"), day.Add("b"), day.Add("c")];
        await day.Up(silos);
        await day.Resume();
        await ClusterDay.Until(async () => (await Open(day)).Length is var open && open >= 4 ? null : $"{open} orders", "orders in the book");
        await day.Says("pause");
        var resting = await Open(day);
        var epoch = (await day.Status()).GetProperty("epoch").GetInt64();

        await using (var callers = new Callers(day, ["status"], ["orders"], ["positions"], ["pause"]))
        {
            foreach (var silo in silos) await Restart(day, silo);
            await callers.AssertAllWereAnswered();
        }

        var status = await day.Status();
        Assert.Equal(("PAUSED", epoch), (status.GetProperty("state").GetString(), status.GetProperty("epoch").GetInt64()));
        Assert.NotEmpty(resting); // A stop would have cancelled them and raised the epoch; a quote that the book leaves behind goes by itself.

        await day.Resume();
        await using (var callers = new Callers(day, ["status"], ["orders"], ["positions"]))
        {
            await Restart(day, await day.Gateway());
            await callers.AssertAllWereAnswered();
        }

        await day.MarketsAreWhole();
        await day.Says("pause");
        await day.AssertNothingIsLostOrDoubled();
    }

    private static async Task Restart(ClusterDay day, ClusterSilo silo)
    {
        var (since, had) = (ClusterWire.Now, await day.GatewaysSilo() == silo);
        await silo.Process.Signal("TERM");
        var ended = await silo.End(Stop);
        Assert.True(ended.ExitCode == 0, $"{silo}: {ended.ExitCode} {ended.Error}");
        var down = ClusterWire.Now - since;
        silo.Start();
        await silo.Said(Stop);
        await ClusterDay.Until(
            async () => (await day.Cluster()).Count(one => one.Status is "Active") is 3 ? null : "not all active", "three silos");
        day.Say($"{silo}{(had ? " with the gateway" : "")}: down in {down} ms, back after {ClusterWire.Now - since} ms");
    }

    private static async Task<string[]> Open(ClusterDay day) =>
        [.. (await day.OrderStatuses()).Where(order => order.Value is "LIVE").Select(order => order.Key)];

    /// <summary>People at shells, each of whom says the same again and again and names all silos.</summary>
    private sealed class Callers : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly ConcurrentBag<string> _failures = [];
        private readonly ClusterDay _day;
        private readonly Task _calling;
        private int _calls;
        private long _longest;

        public Callers(ClusterDay day, params IEnumerable<string[]> commands)
        {
            _day = day;
            _calling = Task.WhenAll(commands.Select(Call));
        }

        public async Task AssertAllWereAnswered()
        {
            await _stop.CancelAsync();
            await _calling;
            _day.Say($"  {_calls} calls, the longest {_longest} ms, {_failures.Count} failed");
            Assert.Empty(_failures);
            Assert.True(_calls > 0);
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _calling;
            _stop.Dispose();
        }

        private async Task Call(string[] command)
        {
            while (!_stop.IsCancellationRequested)
            {
                var since = ClusterWire.Now;
                var said = await _day.RunAnew(command);
                var took = ClusterWire.Now - since;
                Interlocked.Increment(ref _calls);
                InterlockedMax(ref _longest, took);
                if (said.ExitCode != 0) _failures.Add($"{command[0]} after {took} ms: {said.ExitCode} {said.Error.Trim()}");
                await Task.Delay(50, Stop); // A person's shell, not a load.
            }
        }

        private static void InterlockedMax(ref long highest, long value)
        {
            var seen = Interlocked.Read(ref highest);
            while (value > seen && Interlocked.CompareExchange(ref highest, value, seen) is var found && found != seen) seen = found;
        }
    }
}
