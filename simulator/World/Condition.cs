namespace PolyArb.Simulator.World;

/// <summary>What the catalogue lists a condition under (protocol 2.2); a standalone condition has an event of its own.</summary>
/// <param name="Augmented">The named outcomes are not all: an "Other" may still split (protocol 1.2).</param>
internal sealed record ListedEvent(string Id, string Slug, string Title, bool Augmented = false);

/// <summary>
/// One yes/no market as it was listed; what can change of it later is the engine's <see cref="Engine.Market"/>. Tick in 1/10,000; minimum size in micro-shares; no fee schedule means free.
/// A neg-risk condition's question id is its market id with the index in the last byte (protocol 1.1).
/// </summary>
internal sealed record Condition(
    string Id,
    string QuestionId,
    string Question,
    string Slug,
    string NegRiskMarketId,
    IReadOnlyList<string> Tokens,
    IReadOnlyList<string> Outcomes,
    int Tick,
    long MinSize,
    FeeSchedule? Fee,
    int OpeningPrice,
    ListedEvent Event)
{
    /// <summary>Protocol V2: position ids instead of token ids, orders at ExchangeV3 whatever neg-risk says (protocol 0.2).</summary>
    public bool ProtocolV2 { get; init; }

    /// <summary>The "Other" of an augmented event.</summary>
    public bool IsOther { get; init; }

    /// <summary>Marketable orders wait this long before they match, 0 for not at all (protocol 10.5, sd).</summary>
    public int SecondsDelay { get; init; }

    /// <summary>Taker orders are held for a moment while their caller waits (protocol 10.5, itode).</summary>
    public bool HoldsTakers { get; init; }

    /// <summary>When the game starts, for markets on one.</summary>
    public DateTimeOffset? GameStart { get; init; }

    /// <summary>Resting orders are canceled at game start (cbos).</summary>
    public bool ClearsAtStart { get; init; }

    public bool NegRisk => NegRiskMarketId.Length > 0;

    /// <summary>What an event lists this condition under: the question without the event's title, or all of it where that is not in it.</summary>
    public string GroupTitle => !NegRisk ? "" : Question.StartsWith(Event.Title + " ", StringComparison.Ordinal) ? Question[(Event.Title.Length + 1)..] : Question;
}
