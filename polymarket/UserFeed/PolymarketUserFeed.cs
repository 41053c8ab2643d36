using System.Collections.Immutable;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.UserFeed;

/// <summary>
/// The user channel (protocol sheet 5): no snapshot and no replay, so whoever listens asks for what it missed after every
/// connection. News that cannot be read or delivered ends the connection, which starts the same over. An old connection needs no
/// handover as in the market channel: whatever a change of connections misses is asked for anyway.
/// </summary>
public sealed partial class PolymarketUserFeed(
    VenueOptions options, TermsBook terms, IFrameTap tap, IErrorLog errors, TimeProvider time, Random random, ILogger<PolymarketUserFeed> logger)
    : IUserFeed
{
    private const int WaitingMax = 4_096;
    private static readonly TimeSpan TermsMax = TimeSpan.FromSeconds(5);

    private readonly VenueOptions _options = options;
    private readonly IFrameTap _tap = tap;
    private readonly Sparing _saying = new(time);
    private readonly UnknownNames _unknown = new(name => LogUnknown(logger, name));
    private VenueSocket? _socket;
    private long _unreadable;

    /// <summary>Names on the user channel that are none of the venue's, and how often each came.</summary>
    public IReadOnlyDictionary<string, long> UnknownNames => _unknown.Counts;

    public StreamHealth Health => _socket switch
    {
        null => new StreamHealth(StreamState.Connecting, "not started"),
        var socket => new StreamHealth(socket.State, $"{Interlocked.Read(ref _unreadable)} unreadable frames"),
    };

    public async Task Run(Func<ImmutableArray<OrderEvent>, Task> deliver, Func<Task> reconnected, CancellationToken stopping)
    {
        var handler = new Handler(this);
        _socket = handler.Socket = new VenueSocket(new ConnectionNames("u1"), Venue.Channel(_options.WsUrl, "user"), _options, handler, time, random, logger);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var running = _socket.Run(ended.Token);
        try
        {
            await foreach (var frame in handler.Waiting.Reader.ReadAllAsync(stopping)) await Take(frame, deliver, reconnected, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Told to stop.
        }
        finally
        {
            await ended.CancelAsync();
            await running;
        }
    }

    /// <summary>A null frame is a new connection, in its place among the frames.</summary>
    private async Task Take(
        byte[]? frame, Func<ImmutableArray<OrderEvent>, Task> deliver, Func<Task> reconnected, CancellationToken stopping)
    {
        try
        {
            if (frame is null)
            {
                await reconnected();
            }
            else if (await Read(frame, stopping) is not { } news)
            {
                var count = Interlocked.Increment(ref _unreadable);
                errors.Keep("user channel", "a frame that is not in the venue's format", frame, Instant.From(time.GetUtcNow()));
                if (_saying.IsDue()) LogUnreadable(frame.Length, count);
                _socket?.Restart("an unreadable frame");
            }
            else if (!news.IsEmpty)
            {
                await deliver(news);
            }
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            LogUndelivered(e);
            _socket?.Restart("news could not be delivered");
        }
    }

    /// <summary>Null when the frame is not in the venue's format. A fee that is not known yet is asked for first.</summary>
    private async Task<ImmutableArray<OrderEvent>?> Read(byte[] frame, CancellationToken stopping)
    {
        List<OrderEvent> news = [];
        HashSet<ConditionId> unknown = [];
        var us = new Account(_options.Wallet, _options.RequiredCredentials.ApiKey);
        if (!UserFrame.TryRead(frame, us, Fee, news, out _, _unknown)) return null;
        if (unknown.Count == 0) return [.. news];

        using var asking = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        asking.CancelAfter(TermsMax);
        try
        {
            await terms.AskUnknown(unknown, asking.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // They stay unknown.
        }

        news.Clear();
        UserFrame.TryRead(frame, us, terms.Fee, news, out _);
        foreach (var condition in unknown.Where(condition => terms.Fee(condition) is null)) LogFeeUnknown(condition);
        return [.. news];

        FeeCurve? Fee(ConditionId condition)
        {
            if (!terms.Knows(condition)) unknown.Add(condition);
            return terms.Fee(condition);
        }
    }

    internal static string AuthFrame(VenueOptions options)
    {
        var (key, secret, passphrase) = options.RequiredCredentials.Reveal();
        return $$"""{"auth":{"apiKey":{{Quoted(key)}},"secret":{{Quoted(secret)}},"passphrase":{{Quoted(passphrase)}}},"type":"user","markets":[]}""";
    }

    private static string Quoted(string text) => JsonSerializer.Serialize(text);

    [LoggerMessage(LogLevel.Warning, "A frame of {Length} bytes on the user channel is not in the venue's format, {Count} so far; the connection starts over")]
    private partial void LogUnreadable(int length, long count);

    [LoggerMessage(LogLevel.Error, "News about our orders could not be delivered")]
    private partial void LogUndelivered(Exception e);

    [LoggerMessage(LogLevel.Error, "A trade in {Condition} was read without its fee, which is unknown; the ledger will be short of it")]
    private partial void LogFeeUnknown(ConditionId condition);

    [LoggerMessage(LogLevel.Information, "The venue sends what its papers do not have, {Name}")]
    private static partial void LogUnknown(ILogger logger, string name);

    /// <summary>The socket's thread: records, queues, never waits.</summary>
    private sealed class Handler(PolymarketUserFeed feed) : ISocketHandler
    {
        public Channel<byte[]?> Waiting { get; } = Channel.CreateBounded<byte[]?>(WaitingMax);

        public VenueSocket? Socket { get; set; }

        /// <summary>The credentials go out and are not recorded.</summary>
        public void Connected(string connection)
        {
            Socket!.TrySend(AuthFrame(feed._options));
            Post(null);
        }

        public void Received(SocketFrame frame)
        {
            feed._tap.Take(InputKind.User, frame.Connection, frame.Bytes.Span, frame.At);
            if (!frame.Bytes.Span.SequenceEqual("PONG"u8)) Post(frame.Bytes.ToArray());
        }

        public void Disconnected(string connection, string why)
        {
            // The next Connected says that something may have been missed.
        }

        private void Post(byte[]? frame)
        {
            if (Waiting.Writer.TryWrite(frame)) return;

            while (Waiting.Reader.TryRead(out _))
            {
            }

            Socket!.Restart("too many news waiting"); // The next connection asks for what was thrown away.
        }
    }
}
