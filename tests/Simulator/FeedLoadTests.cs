using System.Globalization;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>
/// Ten subscribers to the same 200 tokens. POLYARB_LOAD_SECONDS and POLYARB_LOAD_RATE (book changes a second) make the run longer and
/// harder; its figures go to the test's output.
/// </summary>
public sealed class FeedLoadTests
{
    private const int Subscribers = 10;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_subscriber_misses_a_frame_or_gets_one_out_of_order()
    {
        var (seconds, rate) = (Setting("POLYARB_LOAD_SECONDS", 5), Setting("POLYARB_LOAD_RATE", 1_000));
        var scenario = ScenarioFile.Load("load");
        scenario = scenario with { Flow = scenario.Flow with { ChangesPerSecond = rate } };
        await using var host = await ExchangeHost.StartAsync(new ExchangeOptions { Seed = 9, Scenario = scenario }, Stop);
        var said = new Digests(framesMax: (seconds + 20) * rate * 2);
        lock (host.Exchange.Gate)
        {
            foreach (var market in host.Exchange.World.Conditions.Select(host.Exchange.MarketOf))
            {
                for (var token = 0; token < 2; token++) host.Exchange.Prints.Add(said, market, token);
            }
        }

        var tokens = host.Exchange.World.Conditions.SelectMany(c => c.Tokens).ToArray();
        Assert.Equal(200, tokens.Length);
        var readers = Enumerable.Range(0, Subscribers).Select(_ => new Reader(said.Max)).ToArray();
        foreach (var reader in readers) await reader.SubscribeAsync(host.Port, tokens);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var reading = readers.Select(r => Task.Run(() => r.ReadAsync(ends.Token), Stop)).ToArray();

        var figures = await MeasureAsync(readers, seconds);

        lock (host.Exchange.Gate) host.Exchange.Halted = true; // Nothing more is said: what was is on its way.
        foreach (var reader in readers) await reader.HeardAsync(said.Last).WaitAsync(TimeSpan.FromSeconds(20), Stop);
        await ends.CancelAsync();
        await Task.WhenAll(reading);
        TestContext.Current.TestOutputHelper!.WriteLine(figures);
        foreach (var reader in readers)
        {
            var heard = reader.Heard.Written;
            Assert.True(heard.Length > seconds * rate * 8 / 10, $"{heard.Length} frames in {seconds} s at {rate} changes a second");
            var first = said.Written.IndexOf(heard[0]);
            Assert.True(said.Written[first..(first + heard.Length)].SequenceEqual(heard), "a frame is missing, changed or out of order");
            reader.Dispose();
        }
    }

    /// <summary>Lets the load run; the figures leave out a second of warming up.</summary>
    private static async Task<string> MeasureAsync(Reader[] readers, int seconds)
    {
        await Task.Delay(1_000, Stop);
        var start = Figures();
        await Task.Delay(seconds * 1_000, Stop);
        var end = Figures();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(end.Frames - start.Frames) / seconds} frames/s to {readers.Length} readers, {(end.Cpu - start.Cpu).TotalSeconds / seconds:0.00} cores (exchange and readers), "
            + $"working set {start.Memory >> 20} to {end.Memory >> 20} MB, heap {start.Heap >> 20} to {end.Heap >> 20} MB, {end.Pauses.TotalMilliseconds - start.Pauses.TotalMilliseconds:0} ms of collections");

        (long Frames, TimeSpan Cpu, long Memory, long Heap, TimeSpan Pauses) Figures() => (
            readers.Sum(r => (long)r.Heard.Count), Environment.CpuUsage.TotalTime, Environment.WorkingSet,
            GC.GetTotalMemory(forceFullCollection: true), GC.GetTotalPauseDuration());
    }

    private static int Setting(string name, int fallback) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : fallback;

    /// <summary>A digest of every frame, in order, in memory that is taken and touched before the run, so that growth is somebody else's.</summary>
    private sealed class Digests : IFrameSink
    {
        private readonly ulong[] _digests;
        private int _count;

        public Digests(int framesMax)
        {
            _digests = new ulong[framesMax];
            Array.Fill(_digests, 1ul);
        }

        public bool Custom => false;
        public int Max => _digests.Length;
        public int Count => Volatile.Read(ref _count);
        public ulong Last => _digests[Count - 1];
        public Span<ulong> Written => _digests.AsSpan(0, Count);

        public void Send(byte[] frame) => Add(frame);

        public ulong Add(ReadOnlySpan<byte> frame)
        {
            var digest = (ulong)frame.Length;
            foreach (var word in MemoryMarshal.Cast<byte, ulong>(frame)) digest = unchecked((System.Numerics.BitOperations.RotateLeft(digest, 23) ^ word) * 0x9E3779B97F4A7C15);
            foreach (var left in frame[(frame.Length & ~7)..]) digest = unchecked((digest ^ left) * 0x9E3779B97F4A7C15);
            _digests[_count] = digest;
            Volatile.Write(ref _count, _count + 1);
            return digest;
        }
    }

    private sealed class Reader(int framesMax) : IDisposable
    {
        private readonly ClientWebSocket _socket = new();
        private readonly byte[] _buffer = new byte[1 << 20];
        private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ulong _awaited;

        public Digests Heard { get; } = new(framesMax);

        /// <summary>Done when this frame has come, which is the last one there is.</summary>
        public Task HeardAsync(ulong frame)
        {
            Volatile.Write(ref _awaited, frame);
            if (Heard.Written.Contains(frame)) _heard.TrySetResult();
            return _heard.Task;
        }

        public async Task SubscribeAsync(int port, string[] tokens)
        {
            await _socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/ws/market"), Stop);
            await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(new { type = "market", assets_ids = tokens }), WebSocketMessageType.Text, true, Stop);
            var dump = await NextAsync(Stop);
            Assert.Equal((byte)'[', _buffer[0]);
            Assert.Equal((byte)'\n', _buffer[dump - 1]);
        }

        public async Task ReadAsync(CancellationToken stop)
        {
            try
            {
                while (true)
                {
                    var length = await NextAsync(stop);
                    if (Heard.Add(_buffer.AsSpan(0, length)) == Volatile.Read(ref _awaited)) _heard.TrySetResult();
                }
            }
            catch (OperationCanceledException)
            {
                // The run is over.
            }
            catch (WebSocketException e)
            {
                _heard.TrySetException(e);
            }
        }

        public void Dispose() => _socket.Dispose();

        private async Task<int> NextAsync(CancellationToken stop)
        {
            var count = 0;
            while (true)
            {
                var part = await _socket.ReceiveAsync(_buffer.AsMemory(count), stop);
                count += part.Count;
                if (part.EndOfMessage) return count;
            }
        }
    }
}
