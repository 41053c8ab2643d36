using System.Collections.Immutable;
using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>An order as the exchange's log has it.</summary>
/// <param name="At">Unix ms by the clock of this host.</param>
/// <param name="Silo">Whose connection it came over; null: nobody's that is known.</param>
internal sealed record Arrival(long Number, string Id, long At, int Port, string? Silo);

/// <summary>
/// Reads the exchange's log of orders as it grows, and says of each whose connection it came over while that can still be seen.
/// </summary>
internal sealed class ClusterWire : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly Func<IEnumerable<ClusterSilo>> _silos;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Dictionary<int, string> _owners = [];
    private readonly Task _reading;
    private ImmutableArray<Arrival> _arrivals = [];

    public ClusterWire(HttpClient http, Func<IEnumerable<ClusterSilo>> silos)
    {
        (_http, _silos) = (http, silos);
        _reading = Read();
    }

    public static long Now => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    public ImmutableArray<Arrival> Arrivals
    {
        get
        {
            lock (_gate) return _arrivals;
        }
    }

    public IEnumerable<Arrival> Since(long at) => Arrivals.Where(arrival => arrival.At >= at);

    /// <summary>The silos that listen to each token, and those on the user channel; a question mark for a connection that is nobody's.</summary>
    public async Task<(ImmutableArray<(string Token, ImmutableArray<string> Silos)> Tokens, ImmutableArray<string> Users)> Followed()
    {
        using var sockets = JsonDocument.Parse(await _http.GetStringAsync(new Uri("/sim/sockets", UriKind.Relative), TestContext.Current.CancellationToken));
        Look();
        return (
            [.. sockets.RootElement.GetProperty("tokens").EnumerateObject().Select(token => (token.Name, Owners(token.Value)))],
            Owners(sockets.RootElement.GetProperty("users")));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private ImmutableArray<string> Owners(JsonElement ports)
    {
        lock (_gate) return [.. ports.EnumerateArray().Select(port => _owners.GetValueOrDefault(port.GetInt32(), "?"))];
    }

    private async Task Read()
    {
        try
        {
            while (true)
            {
                var path = new Uri($"/sim/arrivals?after={(Arrivals.IsEmpty ? 0 : Arrivals[^1].Number)}", UriKind.Relative);
                using var news = JsonDocument.Parse(await _http.GetStringAsync(path, _stop.Token));
                if (news.RootElement.GetArrayLength() > 0) Add(news.RootElement);
                await Task.Delay(100, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private void Add(JsonElement news)
    {
        Look();
        lock (_gate)
        {
            _arrivals = [.. _arrivals, .. news.EnumerateArray().Select(arrival => new Arrival(
                arrival.GetProperty("n").GetInt64(), arrival.GetProperty("id").GetString()!, arrival.GetProperty("at").GetInt64(),
                arrival.GetProperty("port").GetInt32(), _owners.GetValueOrDefault(arrival.GetProperty("port").GetInt32())))];
        }
    }

    /// <summary>What was known of a connection stays: whoever has ended meanwhile can no longer be asked.</summary>
    private void Look()
    {
        var seen = _silos().Where(silo => silo.IsUp).Select(silo => (silo.Name, Ports: ProcessPorts.Of(silo.Process.Id))).ToArray();
        lock (_gate)
        {
            foreach (var (name, ports) in seen) foreach (var port in ports) _owners[port] = name;
        }
    }
}
