using PolyArb.Domain;

namespace PolyArb.Silo.Telegram;

/// <summary>Who is told of strangers, and how often: somebody who has time must not fill logs and chats.</summary>
internal sealed class Strangers
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private const int ReportsMax = 5;

    private readonly Queue<Instant> _reported = new();
    private int _untold;

    /// <summary>Messages of strangers before this one that nobody was told of; null: nor is anybody of this one.</summary>
    public int? Report(Instant now)
    {
        while (_reported.TryPeek(out var oldest) && now - oldest > Window) _reported.Dequeue();
        if (_reported.Count >= ReportsMax)
        {
            _untold++;
            return null;
        }

        _reported.Enqueue(now);
        var untold = _untold;
        _untold = 0;
        return untold;
    }
}
