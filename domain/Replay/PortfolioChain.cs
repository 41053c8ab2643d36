using System.Text.Json.Serialization;
using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Replay;

/// <summary>How a portfolio began, as it is recorded.</summary>
public sealed record RecordedOpening(PortfolioOpened Portfolio);

/// <summary>What the portfolio answered in a turn, as it is recorded; a turn without an answer has no such row.</summary>
public sealed record RecordedAnswer([property: JsonPropertyName("turn")] long Number, PortfolioAnswer Answer);

/// <summary>
/// The portfolio's digest: over the text of every call and answer and every clock, in their order. Live it is made by whoever writes the
/// texts, behind the portfolio's back, in replay from what is read and what is answered then.
/// </summary>
public sealed class PortfolioChain
{
    /// <summary>What turns of the portfolio have in place of a market, and its rows in place of a connection.</summary>
    public const string Owner = "portfolio";

    private readonly DecisionDigest _digest = new();

    /// <param name="opening">The text it is recorded as.</param>
    public PortfolioChain(string opening) => _digest.Fold(opening);

    public string Head => _digest.Head;

    /// <summary>The text of the turn that ends here, with the digest up to it.</summary>
    /// <param name="at">The number of the call's row.</param>
    /// <param name="answer">Null where there was none.</param>
    public string Turn(long turn, long at, string call, string? answer, Instant now)
    {
        _digest.Fold(turn);
        _digest.Fold(call);
        _digest.Fold(now.Micros);
        _digest.Fold(answer ?? "");
        return Journal.DomainJson.Write(new RecordedTurn(turn, Owner, at, at, now, _digest.Brief, null));
    }
}
