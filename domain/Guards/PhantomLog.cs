namespace PolyArb.Domain.Guards;

/// <summary>
/// Edges on books that could not be trusted, as episodes: one begins when such an edge is first seen for a cause and ends when it is
/// gone or has another cause.
/// </summary>
public sealed class PhantomLog
{
    public const string Crossed = "crossed";

    /// <summary>The two tokens of a condition do not say the same.</summary>
    public const string Skew = "skew";

    public const string FailedProof = "failed proof";

    /// <summary>No hash has vouched for the book yet.</summary>
    public const string Unproven = "unproven";

    /// <summary>Too good to be luck.</summary>
    public const string Implausible = "implausible";

    private readonly Dictionary<string, long> _episodes = [];
    private readonly Dictionary<string, TimeSpan> _lasted = [];
    private string? _cause;
    private Instant _since;

    /// <summary>Episodes by cause.</summary>
    public IReadOnlyDictionary<string, long> Episodes => _episodes;

    /// <summary>How long those that have ended lasted, by cause.</summary>
    public IReadOnlyDictionary<string, TimeSpan> Lasted => _lasted;

    /// <param name="cause">Null: no such edge stands.</param>
    public void Note(string? cause, Instant now)
    {
        if (cause == _cause) return;

        if (_cause is not null) _lasted[_cause] = _lasted.GetValueOrDefault(_cause) + (now - _since);
        if (cause is not null) _episodes[cause] = _episodes.GetValueOrDefault(cause) + 1;
        (_cause, _since) = (cause, now);
    }
}
