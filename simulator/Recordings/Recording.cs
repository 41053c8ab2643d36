using System.Text.Json;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Recordings;

/// <summary>A recorded capture: its conditions with their opening books, and everything that happened.</summary>
internal sealed record Recording(IReadOnlyList<RecordedMarket> Markets, IReadOnlyList<RecordedEvent> Events)
{
    public ExchangeWorld World() => new([.. Markets.Select(m => m.Condition)]);

    /// <summary>Throws <see cref="IOException"/>, <see cref="UnauthorizedAccessException"/>, or <see cref="FormatException"/> for what is no capture.</summary>
    public static Recording Load(string path)
    {
        try
        {
            var frames = RecordedFrames.Read(path);
            var events = EventReader.Read(frames.Frames);
            var markets = RecordedMarket.Of(events, frames.Header);
            if (markets.Count == 0) throw new FormatException("there is no book in it");

            var recording = new Recording(markets, events);
            _ = recording.World(); // Throws for what cannot be listed together: a token twice, or one without a sibling.
            return recording;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or InvalidDataException or OverflowException
            or ArgumentException or IndexOutOfRangeException)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
