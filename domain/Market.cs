using System.Collections.Immutable;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain;

/// <summary>Both live side by side and are chosen per condition; not to be mistaken for the version of the CLOB (protocol sheet 0.2).</summary>
public enum ProtocolVersion
{
    V1,

    /// <summary>Positions instead of CTF tokens, ExchangeV3 whatever the neg-risk flag says.</summary>
    V2,
}

/// <summary>One yes/no question with its trading parameters, as the venue's catalogue gives them.</summary>
public sealed record Condition
{
    public required ConditionId Id { get; init; }

    public required string Question { get; init; }

    /// <summary>Index 0 of the venue's pair, whatever its label says.</summary>
    public required TokenId Yes { get; init; }

    /// <summary>Index 1 of the venue's pair.</summary>
    public required TokenId No { get; init; }

    public required Price Tick { get; init; }

    /// <summary>Shares a resting order must have; normally 5.</summary>
    public required Size MinOrderSize { get; init; }

    /// <summary>Decides, in protocol V1, which exchange contract an order is signed for.</summary>
    public required bool NegRisk { get; init; }

    /// <summary>Decides ids, contract and the EIP-712 domain of its orders.</summary>
    public ProtocolVersion Protocol { get; init; }

    /// <summary>Null when the venue did not say or its sources disagree: such a condition is not traded.</summary>
    public required FeeCurve? Fee { get; init; }

    /// <summary>The question's place in its neg-risk event (last byte of the question id); null when standalone.</summary>
    public int? QuestionIndex { get; init; }

    /// <summary>Active, not closed, accepting orders, with an order book.</summary>
    public required bool IsTradable { get; init; }

    /// <summary>Resolved or on its way there: its book has ended.</summary>
    public bool IsClosed { get; init; }

    /// <summary>The venue holds taker orders back (`sd` or `itode`): a picked-over book.</summary>
    public bool DelaysTakers { get; init; }

    /// <summary>When the question is planned to be decided; null when the venue does not say. Only a cost of capital is counted by it.</summary>
    public Instant? EndsAt { get; init; }

    /// <summary>The market-wide last trade price as the venue writes it ("0.550"); null when unknown.</summary>
    public string? LastTrade { get; init; }

    public TokenId Token(Outcome outcome) => outcome is Outcome.Yes ? Yes : No;

    public Outcome? OutcomeOf(TokenId token) => token == Yes ? Outcome.Yes : token == No ? Outcome.No : null;
}

/// <summary>A complete set of outcomes: a standalone condition, or a neg-risk event with all its conditions.</summary>
public sealed record Market
{
    public required MarketId Id { get; init; }

    public required string Title { get; init; }

    /// <summary>At most one of its YES tokens pays.</summary>
    public required bool NegRisk { get; init; }

    public required ImmutableArray<Condition> Conditions { get; init; }

    /// <summary>
    /// Every condition that the venue names for the event is in <see cref="Conditions"/>, closed ones too, and could be read in full. False
    /// when nobody looked: then one may be hidden, and only sets that need not be complete are traded.
    /// </summary>
    public bool IsWhole { get; init; }

    /// <summary>The named outcomes are not all: an Other or a placeholder may still win (protocol sheet 1.2).</summary>
    public bool IsAugmented { get; init; }

    /// <summary>Of the conditions that have a book.</summary>
    public IEnumerable<TokenId> Tokens =>
        Conditions.Where(condition => !condition.IsClosed).SelectMany(condition => new[] { condition.Yes, condition.No });

    /// <summary>Nothing that is traded by differs. A planned end may be moved without that.</summary>
    public bool IsSameAs(Market other) => this with { Conditions = other.Conditions } == other
        && Conditions.Length == other.Conditions.Length
        && Conditions.Zip(other.Conditions).All(pair => pair.First with { EndsAt = pair.Second.EndsAt } == pair.Second);
}
