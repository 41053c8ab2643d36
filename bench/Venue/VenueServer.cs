using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PolyArb.Domain;

namespace PolyArb.Bench.Venue;

/// <summary>
/// As much of the venue as a silo needs that follows markets and sends orders, on 127.0.0.1: catalogue, terms, books, both channels, an
/// account with money and nothing else. Every order is answered as one that found nothing to match, so the ledger never moves and the same
/// basket can be sent again. It keeps the time of each request's last byte.
/// </summary>
internal sealed class VenueServer : IDisposable
{
    private const string NotMatched = "no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.";
    private const string NoRows = """{"data":[],"next_cursor":"LTE="}""";

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentDictionary<Socket, byte> _open = [];
    private readonly Dictionary<string, PreparedBook> _byToken;
    private readonly ListingJson _listing;

    public VenueServer(ImmutableArray<Market> markets, ImmutableArray<PreparedBook> books)
    {
        (Markets, Books, _listing) = (markets, books, new ListingJson(markets));
        _byToken = books.SelectMany(book => new[] { (book.Condition.Yes.Text, book), (book.Condition.No.Text, book) }).ToDictionary();
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(512);
        Start(Accept);
    }

    public ImmutableArray<Market> Markets { get; }

    public ImmutableArray<PreparedBook> Books { get; }

    public Uri Url => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}/");

    public Uri SocketUrl => new($"ws://{Url.Authority}/ws");

    /// <summary>Is told of each POST of orders, on the thread that read it and before it is answered.</summary>
    public Action<HttpRequest>? Ordered { get; set; }

    /// <summary>Is told of each POST to /bare, likewise.</summary>
    public Action<HttpRequest>? Bare { get; set; }

    /// <summary>Conditions somebody has subscribed to.</summary>
    public int Subscribed => Books.Count(book => book.Channel is not null);

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var socket in _open.Keys) socket.Dispose();
    }

    private static void Start(Action run) => new Thread(() => run()) { IsBackground = true, Name = "venue" }.Start();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                socket.NoDelay = true;
                _open.TryAdd(socket, 0);
                Start(() => Serve(socket));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed: the end.
        }
    }

    private void Serve(Socket socket)
    {
        var connection = new HttpConnection(socket);
        try
        {
            while (connection.Read() is { } request)
            {
                if (request.WebSocketKey is { } key)
                {
                    connection.Upgrade(Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))));
                    new MarketChannel(socket).Serve(connection, request.Route.EndsWith("/market", StringComparison.Ordinal) ? _byToken : new Dictionary<string, PreparedBook>());
                    break;
                }

                var (status, json) = Answer(request);
                connection.Answer(status, json);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other side is gone.
        }
        finally
        {
            _open.TryRemove(socket, out _);
            socket.Dispose();
        }
    }

    private (int Status, string Json) Answer(in HttpRequest request)
    {
        switch (request.Method, request.Route)
        {
            case ("POST", "/orders" or "/order"):
                Ordered?.Invoke(request);
                return (200, Killed(request));
            case ("POST", "/bare"):
                Bare?.Invoke(request);
                return (200, "[]");
            case ("POST", "/books"):
                return (200, BooksOf(request));
            case ("POST", "/v1/heartbeats"):
                return (200, """{"heartbeat_id":"bench"}""");
            case ("DELETE", _):
                return (200, """{"canceled":[],"not_canceled":{}}""");
            case ("GET", "/time"):
                return (200, DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
            case ("GET", "/gamma/markets/keyset"):
                return (200, Listed(request));
            case ("GET", "/gamma/events/keyset"):
                return (200, request.Values("closed").First() == "true" ? """{"events":[]}""" : _listing.Events(request.Values("id")));
            case ("GET", "/balance-allowance"):
                return (200, request.Values("token_id").Any() ? """{"balance":"0","allowances":{}}""" : """{"balance":"1000000000000","allowances":{}}""");
            case ("GET", "/data/orders" or "/data/trades"):
                return (200, NoRows);
            case ("GET", "/data-api/positions"):
                return (200, "[]");
            case ("GET", var route) when route.StartsWith("/clob-markets/", StringComparison.Ordinal) && _listing.TermsOf(route["/clob-markets/".Length..]) is { } terms:
                return (200, terms);
            default:
                return (404, """{"error":"not found"}""");
        }
    }

    private string Listed(in HttpRequest request)
    {
        var ids = request.Values("condition_ids").ToArray();
        if (request.Values("closed").First() == "true") return """{"markets":[],"next_cursor":""}""";

        return ids.Length > 0 ? _listing.Conditions(ids) : _listing.Page(100, request.Values("after_cursor").FirstOrDefault(""));
    }

    private string BooksOf(in HttpRequest request)
    {
        using var asked = JsonDocument.Parse(request.Body);
        var found = asked.RootElement.EnumerateArray().Select(one => one.GetProperty("token_id").GetString()!).Where(_byToken.ContainsKey)
            .Select(token => token == _byToken[token].Condition.Yes.Text ? _byToken[token].YesBook : _byToken[token].NoBook)
            .Select(book => book.Replace(",\"event_type\":\"book\"", "", StringComparison.Ordinal));
        return $"[{string.Join(',', found)}]";
    }

    /// <summary>One answer for each order of the request, which holds one salt each.</summary>
    private static string Killed(in HttpRequest request)
    {
        var count = 0;
        var rest = request.Body.Span;
        for (int at; (at = rest.IndexOf("\"salt\""u8)) >= 0; rest = rest[(at + 6)..]) count++;
        var entry = $$"""{"success":true,"errorMsg":"{{NotMatched}}","orderID":"","status":"","takingAmount":"","makingAmount":""}""";
        return request.Route == "/order" ? entry : $"[{string.Join(',', Enumerable.Repeat(entry, count))}]";
    }
}
