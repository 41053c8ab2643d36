namespace PolyArb.Bench.Venue;

/// <summary>A request as it came off a socket.</summary>
/// <param name="Path">With its query, as sent.</param>
/// <param name="Body">The connection's buffer: good only until it is answered.</param>
/// <param name="ArrivedAt">Stopwatch ticks: its last byte had just been read.</param>
/// <param name="WebSocketKey">Of an upgrade; else null.</param>
internal readonly record struct HttpRequest(string Method, string Path, ReadOnlyMemory<byte> Body, long ArrivedAt, string? WebSocketKey)
{
    public string Route => Path.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? Path[..at] : Path;

    /// <summary>Every value of one parameter of the query.</summary>
    public IEnumerable<string> Values(string name) => Path[(Path.IndexOf('?', StringComparison.Ordinal) + 1)..].Split('&')
        .Where(part => part.StartsWith(name + "=", StringComparison.Ordinal))
        .Select(part => Uri.UnescapeDataString(part[(name.Length + 1)..]));
}
