using System.Net.Sockets;

namespace PolyArb.Bench.Venue;

/// <summary>One connection of the market channel: answers subscriptions with books, and takes frames from whoever paces them.</summary>
internal sealed class MarketChannel(Socket socket)
{
    private static readonly byte[] Pong = PreparedBook.Frame("PONG");

    private readonly Lock _gate = new();

    /// <summary>One write for each frame. False when the other side is gone.</summary>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        try
        {
            lock (_gate) while (!frame.IsEmpty) frame = frame[socket.Send(frame)..];
            return true;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The book's next change, in its place among what else is sent.</summary>
    public bool Advance(PreparedBook book)
    {
        lock (_gate) return Send(book.Next());
    }

    /// <summary>Until it is closed. No frame of a book goes between its subscription and its snapshot.</summary>
    public void Serve(HttpConnection connection, IReadOnlyDictionary<string, PreparedBook> books)
    {
        while (connection.ReadText() is { } text)
        {
            if (text == "PING") Send(Pong);
            else if (!text.Contains("\"unsubscribe\"", StringComparison.Ordinal)) Subscribe(text, books);
        }
    }

    private void Subscribe(string text, IReadOnlyDictionary<string, PreparedBook> books)
    {
        using var json = System.Text.Json.JsonDocument.Parse(text);
        if (!json.RootElement.TryGetProperty("assets_ids", out var tokens)) return; // The user channel's, on which nothing happens here.

        var asked = tokens.EnumerateArray().Select(token => token.GetString()!).Where(books.ContainsKey).ToArray();
        lock (_gate)
        {
            List<string> messages = [];
            foreach (var token in asked)
            {
                var book = books[token];
                book.Restart();
                book.Channel = this;
                messages.Add(token == book.Condition.Yes.Text ? book.YesBook : book.NoBook);
            }

            Send(PreparedBook.Frame($"[{string.Join(',', messages)}]"));
        }
    }
}
