namespace PolyArb.Polymarket.Sockets;

/// <summary>
/// When to say PING and when a connection is dead: without any frame for too long, or without a PONG for too long although data
/// flows, for what still pushes data may have stopped listening to us (protocol sheet 4.1, 4.3).
/// </summary>
internal sealed class Heartbeat(VenueOptions options, TimeProvider time)
{
    private long _lastFrame = time.GetTimestamp();
    private long _lastPong = time.GetTimestamp();
    private long _pinged = time.GetTimestamp();
    private long? _unanswered; // The first PING since the last PONG.

    /// <summary>From the thread that receives.</summary>
    public void Heard(ReadOnlySpan<byte> frame)
    {
        var now = time.GetTimestamp();
        Interlocked.Exchange(ref _lastFrame, now);
        if (frame.Length < 16 && frame.Trim(" \t\r\n"u8).SequenceEqual("PONG"u8)) Interlocked.Exchange(ref _lastPong, now);
    }

    /// <summary>From the thread that watches, often: why the connection is dead, or whether to say PING.</summary>
    public (string? Dead, bool PingIsDue) Look()
    {
        var now = time.GetTimestamp();
        var silence = time.GetElapsedTime(Interlocked.Read(ref _lastFrame), now);
        if (silence >= options.StaleAfter) return ($"silent for {silence.TotalSeconds:F0} s", false);

        if (Interlocked.Read(ref _lastPong) >= _unanswered) _unanswered = null;
        if (_unanswered is { } asked && time.GetElapsedTime(asked, now) is var unheard && unheard >= options.PongWithin)
            return ($"no PONG for {unheard.TotalSeconds:F0} s", false);

        if (time.GetElapsedTime(_pinged, now) < options.PingEvery) return (null, false);

        _pinged = now;
        _unanswered ??= now;
        return (null, true);
    }
}
