using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace PolyArb.Tests.Storage;

/// <summary>The wire between a client and a server, which a test cuts where it wants: around the word COMMIT.</summary>
internal sealed partial class Cable : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _server;
    private Cut _cut;

    public Cable(int server)
    {
        _server = server;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Accept();
    }

    /// <summary>Where the next commit is cut off.</summary>
    public enum Cut
    {
        None,

        /// <summary>The server never hears of it.</summary>
        BeforeCommit,

        /// <summary>The server has committed, the client does not hear of it.</summary>
        AfterCommit,
    }

    public int Port { get; }

    /// <summary>Nobody gets through; who was through stays.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether the cut that was asked for was made.</summary>
    public bool WasCut { get; private set; }

    /// <param name="staysDown">And nobody gets through from then on.</param>
    public void CutAt(Cut cut, bool staysDown = false) => (_cut, StaysDown, WasCut) = (cut, staysDown, false);

    private bool StaysDown { get; set; }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                if (IsDown) client.Dispose();
                else _ = Carry(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Carry(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                var (from, to) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(Hear(from, to, over.Token), Answer(to, from, over.Token));
                await over.CancelAsync();
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // One of the two has hung up.
            }
        }
    }

    private bool _isAfterCommit;

    private async Task Hear(NetworkStream client, NetworkStream server, CancellationToken over)
    {
        var buffer = new byte[65_536];
        while (await client.ReadAsync(buffer, over) is > 0 and var count)
        {
            if (_cut is not Cut.None && Commit().IsMatch(Encoding.ASCII.GetString(buffer, 0, count)))
            {
                (IsDown, WasCut) = (StaysDown, true);
                if (_cut is Cut.BeforeCommit)
                {
                    _cut = Cut.None;
                    return;
                }

                (_cut, _isAfterCommit) = (Cut.None, true);
            }

            await server.WriteAsync(buffer.AsMemory(0, count), over);
        }
    }

    private async Task Answer(NetworkStream server, NetworkStream client, CancellationToken over)
    {
        var buffer = new byte[65_536];
        while (await server.ReadAsync(buffer, over) is > 0 and var count)
        {
            if (_isAfterCommit)
            {
                _isAfterCommit = false;
                return;
            }

            await client.WriteAsync(buffer.AsMemory(0, count), over);
        }
    }

    /// <summary>A transaction's beginning names its isolation level, READ COMMITTED.</summary>
    [GeneratedRegex("COMMIT(?!TED)")]
    private static partial Regex Commit();
}
