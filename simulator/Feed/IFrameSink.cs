namespace PolyArb.Simulator.Feed;

/// <summary>Where a channel's frames go: a websocket, or a capture file. Called with the exchange's lock held, so it must not wait.</summary>
internal interface IFrameSink
{
    /// <summary>The reader asked for the enhanced events (protocol 4.1).</summary>
    bool Custom { get; }

    /// <summary>One frame of UTF-8 text; every reader gets the same array, so nobody may change it.</summary>
    void Send(byte[] frame);
}
