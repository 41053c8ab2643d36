using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;

namespace PolyArb.Bench.Venue;

/// <summary>
/// Frames that make a basket worth its money, one event after the other, and how long after each the order for it was there. Tick is for
/// the thread that paces, Heard for those that read orders.
/// </summary>
internal sealed class Hits(ImmutableArray<PreparedBook> books, int perSecond)
{
    /// <summary>Long enough for an order to be on its way.</summary>
    private static readonly long TakenBackAfter = Stopwatch.Frequency / 20;

    private readonly Dictionary<string, int> _byToken = books.SelectMany((book, number) => new[] { (book.Condition.Yes.Text, number), (book.Condition.No.Text, number) })
        .ToDictionary(one => one.Item1, one => one.number);
    private readonly long[] _sentAt = new long[books.Length]; // 0: nothing is waited for.
    private readonly Queue<(PreparedBook Book, long At)> _takeBack = new();
    private readonly ConcurrentQueue<double> _micros = new();
    private long _nextAt;
    private int _next;

    public int Sent { get; private set; }

    /// <summary>Microseconds from a frame to its order.</summary>
    public IReadOnlyCollection<double> Micros => _micros;

    /// <summary>Bytes of the last order's body.</summary>
    public int BodyLength { get; private set; }

    public void Tick(long now)
    {
        while (_takeBack.TryPeek(out var due) && due.At <= now)
        {
            _takeBack.Dequeue();
            due.Book.Channel?.Send(due.Book.TakeBack);
        }

        if (now < _nextAt) return;

        _nextAt = Math.Max(_nextAt, now - Stopwatch.Frequency) + Stopwatch.Frequency / perSecond;
        var number = _next++ % books.Length;
        var book = books[number];
        if (_takeBack.Any(waiting => waiting.Book == book)) return; // Its last frame still stands.

        Sent++;
        var sentAt = Stopwatch.GetTimestamp();
        Volatile.Write(ref _sentAt[number], sentAt);
        book.Channel?.Send(book.Hit);
        _takeBack.Enqueue((book, sentAt + TakenBackAfter));
    }

    /// <summary>Takes back what still stands.</summary>
    public void End() => Tick(long.MaxValue / 2);

    public void Heard(HttpRequest order)
    {
        BodyLength = order.Body.Length;
        var rest = order.Body.Span;
        for (int at; (at = rest.IndexOf("\"tokenId\":\""u8)) >= 0;)
        {
            rest = rest[(at + 11)..];
            var token = Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'"')]);
            if (!_byToken.TryGetValue(token, out var number)) continue;

            var sentAt = Interlocked.Exchange(ref _sentAt[number], 0);
            if (sentAt != 0) _micros.Enqueue((order.ArrivedAt - sentAt) * 1_000_000.0 / Stopwatch.Frequency);
        }
    }
}
