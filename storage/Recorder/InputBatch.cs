using System.Runtime.InteropServices;
using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;

namespace PolyArb.Storage;

/// <summary>Some recorded inputs with their texts in one buffer, which the next fill uses again.</summary>
public sealed class InputBatch
{
    /// <summary>Enough that handing one over costs nothing, and so few that they stay in the cache.</summary>
    internal const int InputsMax = 256;

    private const int TextsMax = 1 << 18;
    private const int ConnectionsMax = 16;

    private readonly List<RecordedInput> _inputs = new(InputsMax);
    private readonly List<(byte[] Utf8, string Text)> _connections = [];
    private byte[] _texts = new byte[TextsMax * 2];
    private int _length;

    public ReadOnlySpan<RecordedInput> Inputs => CollectionsMarshal.AsSpan(_inputs);

    internal bool IsFull => _inputs.Count >= InputsMax || _length >= TextsMax;

    internal void Clear()
    {
        _inputs.Clear();
        _length = 0;
    }

    /// <summary>Room for a text of at most so many bytes; what was added before keeps its old buffer where this one has to grow.</summary>
    internal Span<byte> Room(int bytes)
    {
        if (_length + bytes > _texts.Length)
        {
            _texts = new byte[Math.Max(_texts.Length, bytes * 2)];
            _length = 0;
        }

        return _texts.AsSpan(_length, bytes);
    }

    /// <summary>A connection's name: there are few, and they come again and again.</summary>
    internal string Connection(ReadOnlySpan<byte> utf8)
    {
        foreach (var (known, text) in _connections)
        {
            if (utf8.SequenceEqual(known)) return text;
        }

        if (_connections.Count == ConnectionsMax) _connections.Clear();
        _connections.Add((utf8.ToArray(), Encoding.UTF8.GetString(utf8)));
        return _connections[^1].Text;
    }

    /// <summary>An input whose text stands in the first bytes of the last <see cref="Room"/>.</summary>
    internal void Add(long sequence, Instant at, string connection, InputKind kind, int bytes)
    {
        _inputs.Add(new RecordedInput(sequence, at, kind, _texts.AsMemory(_length, bytes), connection));
        _length += bytes;
    }
}
