using PolyArb.Domain.Risk;

namespace PolyArb.Domain.Ports;

/// <summary>What a merge or conversion came to.</summary>
public abstract record SettlementAnswer
{
    private SettlementAnswer()
    {
    }

    public sealed record Done : SettlementAnswer;

    /// <summary>Nothing moved, and nothing will.</summary>
    public sealed record Refused(string Why) : SettlementAnswer;

    /// <summary>Nobody knows whether it was carried out, or still will be.</summary>
    public sealed record Unknown(string Why) : SettlementAnswer;
}

/// <summary>Turns complete shares into dollars where the tokens live, beside the order book.</summary>
public interface ISettlement
{
    /// <summary>False: it only describes, and a person makes the call.</summary>
    bool Acts { get; }

    /// <summary>Makes the call once, never again by itself.</summary>
    Task<SettlementAnswer> Settle(SettlementCall call, CancellationToken cancellation);

    /// <summary>The exact call for a person to make by hand, in one line: where, which function, arguments in base units.</summary>
    string Describe(SettlementCall call);
}
