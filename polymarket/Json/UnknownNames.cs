using System.Collections.Concurrent;
using System.Globalization;

namespace PolyArb.Polymarket.Json;

/// <summary>
/// Names of fields and events that the venue's papers do not have: counted, and told once each, never an error. Bounded in
/// number and length and safe to log, whatever the wire sends. For any thread.
/// </summary>
/// <param name="first">Hears each name once, as "field of the market channel: name"; null to count only.</param>
public sealed class UnknownNames(Action<string>? first = null)
{
    public const int NamesMax = 100;
    public const int LengthMax = 40;
    private const string Others = "others";

    private readonly ConcurrentDictionary<(string What, string Name), Count> _counts = new();

    /// <summary>How often each was met.</summary>
    public IReadOnlyDictionary<string, long> Counts =>
        _counts.ToDictionary(pair => Text(pair.Key.What, pair.Key.Name), pair => Interlocked.Read(ref pair.Value.Times));

    /// <param name="what">What kind of name it is, one of ours: "field of the market channel".</param>
    internal void Note(string what, ReadOnlySpan<byte> name)
    {
        Span<char> letters = stackalloc char[Math.Min(name.Length, LengthMax)];
        for (var i = 0; i < letters.Length; i++) letters[i] = (char)name[i];
        Note(what, letters);
    }

    internal void Note(string what, ReadOnlySpan<char> name)
    {
        var safe = name[..Math.Min(name.Length, LengthMax)].ToString();
        if (!safe.All(IsSafe)) safe = string.Concat(safe.Select(letter => IsSafe(letter) ? letter : '?'));
        if (!_counts.TryGetValue((what, safe), out var count))
        {
            if (_counts.Count >= NamesMax) safe = Others; // Races may let a few more in.
            count = _counts.GetOrAdd((what, safe), _ => new Count());
        }

        if (Interlocked.Increment(ref count.Times) == 1) first?.Invoke(Text(what, safe));
    }

    private static bool IsSafe(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';

    private static string Text(string what, string name) => string.Create(CultureInfo.InvariantCulture, $"{what}: {name}");

    private sealed class Count
    {
        public long Times;
    }
}
