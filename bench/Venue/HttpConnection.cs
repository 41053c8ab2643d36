using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace PolyArb.Bench.Venue;

/// <summary>
/// One connection of HTTP/1.1 read by a thread of its own with blocking calls, so that the time of a request is that of its last byte and
/// of no queue in between. Knows no chunks: whoever asks here says how long its body is.
/// </summary>
internal sealed class HttpConnection(Socket socket)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _length;

    /// <summary>Null when the other side has closed.</summary>
    public HttpRequest? Read()
    {
        int head;
        while ((head = _buffer.AsSpan(0, _length).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!TryReceive()) return null;
        }

        var lines = Encoding.ASCII.GetString(_buffer, 0, head).Split("\r\n");
        var body = head + 4;
        var end = body + int.Parse(Header(lines, "Content-Length") ?? "0", CultureInfo.InvariantCulture);
        while (_length < end)
        {
            if (!TryReceive()) return null;
        }

        var arrivedAt = Stopwatch.GetTimestamp();
        var words = lines[0].Split(' ');
        _consumed = end;
        return new HttpRequest(words[0], words[1], _buffer.AsMemory(body, end - body), arrivedAt, Header(lines, "Sec-WebSocket-Key"));
    }

    private int _consumed;

    public void Answer(int status, string json)
    {
        var text = Encoding.UTF8.GetBytes(json);
        byte[] answer =
        [
            .. Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Answer\r\nContent-Type: application/json\r\nContent-Length: {text.Length}\r\n\r\n")),
            .. text,
        ];
        socket.Send(answer);
        Consume();
    }

    /// <summary>What follows on this connection is the websocket's.</summary>
    public void Upgrade(string accept)
    {
        socket.Send(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"));
        Consume();
    }

    /// <summary>The next text of the websocket, unmasked; null when it is closed.</summary>
    public string? ReadText()
    {
        while (true)
        {
            var (start, length) = (2, 0);
            while (_length < 2) if (!TryReceive()) return null;

            var (code, size) = (_buffer[0] & 0x0F, _buffer[1] & 0x7F);
            var wide = size switch { 126 => 2, 127 => 8, _ => 0 };
            while (_length < start + wide + 4) if (!TryReceive()) return null;

            for (var i = 0; i < wide; i++) length = (length << 8) | _buffer[start + i];
            if (wide == 0) length = size;
            var mask = start + wide;
            while (_length < mask + 4 + length) if (!TryReceive()) return null;

            var text = new byte[length];
            for (var i = 0; i < length; i++) text[i] = (byte)(_buffer[mask + 4 + i] ^ _buffer[mask + (i & 3)]);
            _consumed = mask + 4 + length;
            Consume();
            if (code == 8) return null;
            if (code == 1) return Encoding.UTF8.GetString(text);
        }
    }

    private void Consume()
    {
        _buffer.AsSpan(_consumed, _length - _consumed).CopyTo(_buffer);
        (_length, _consumed) = (_length - _consumed, 0);
    }

    private bool TryReceive()
    {
        if (_length == _buffer.Length) Array.Resize(ref _buffer, 2 * _buffer.Length);
        try
        {
            var count = socket.Receive(_buffer.AsSpan(_length));
            _length += count;
            return count > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static string? Header(string[] lines, string name) => lines.FirstOrDefault(line =>
        line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();
}
