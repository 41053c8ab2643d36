using System.Collections.Immutable;

namespace PolyArb.Domain.Risk;

/// <summary>The venue's answer to one request with orders.</summary>
/// <param name="Orders">Those it answered for; one whose outcome is unknown is not among them.</param>
/// <param name="Rejected">Those of them that it refused for another reason than that nothing was there to match.</param>
public sealed record Answered(MarketId Market, Instant SentAt, Instant At, int Orders, int Rejected);

/// <summary>The answers of a window that ends now: how many orders were rejected, and how long requests took.</summary>
internal sealed class AnswerWindow(TimeSpan window, TimeSpan maxLatency)
{
    private readonly Queue<(Answered Answer, bool IsTimed)> _answers = new();
    private int _late;

    public int Orders { get; private set; }

    public int Rejected { get; private set; }

    /// <summary>Requests whose latency counts.</summary>
    public int Timed { get; private set; }

    /// <summary>More than one in twenty took longer than the limit: the same as a p95 above it, without sorting.</summary>
    public bool IsSlow => _late * 20 > Timed;

    /// <summary>By nearest rank; for the one sentence that names it.</summary>
    public TimeSpan P95
    {
        get
        {
            var sorted = _answers.Where(answer => answer.IsTimed).Select(answer => Latency(answer.Answer)).Order().ToArray();
            return sorted.Length == 0 ? TimeSpan.Zero : sorted[((sorted.Length * 19) + 19) / 20 - 1];
        }
    }

    public ImmutableArray<TimedAnswer> Memory => [.. _answers.Select(seen => new TimedAnswer(seen.Answer, seen.IsTimed))];

    /// <param name="isTimed">False where the venue holds orders back on purpose.</param>
    public void Add(Answered answer, bool isTimed)
    {
        _answers.Enqueue((answer, isTimed));
        Count(answer, isTimed, 1);
    }

    public void Drop(Instant now)
    {
        while (_answers.TryPeek(out var oldest) && now - oldest.Answer.At > window)
        {
            _answers.Dequeue();
            Count(oldest.Answer, oldest.IsTimed, -1);
        }
    }

    public void Forget()
    {
        _answers.Clear();
        (_late, Orders, Rejected, Timed) = (0, 0, 0, 0);
    }

    private void Count(Answered answer, bool isTimed, int sign)
    {
        Orders += sign * answer.Orders;
        Rejected += sign * answer.Rejected;
        if (!isTimed) return;

        Timed += sign;
        if (Latency(answer) > maxLatency) _late += sign;
    }

    private static TimeSpan Latency(Answered answer) => answer.At - answer.SentAt;
}
