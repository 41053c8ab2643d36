namespace PolyArb.Config;

public enum ProofPolicy
{
    Always,
    BeforeTrade,
    Off,
}

/// <summary>How books are proven against the venue's hash: section `proof`.</summary>
public sealed record ProofOptions
{
    public required ProofPolicy Check { get; init; }

    /// <summary>How long a hash that does not match may wait for the rest of its update.</summary>
    public required TimeSpan SettleTimeout { get; init; }

    internal static ProofOptions Read(ParameterBinder from) => new()
    {
        Check = from.AtStart(
            "proof.check",
            "always",
            Kinds.OneOf(("always", ProofPolicy.Always), ("before_trade", ProofPolicy.BeforeTrade), ("off", ProofPolicy.Off))),
        SettleTimeout = from.AtStart("proof.settle_timeout_ms", "250", Kinds.Millis(10, 10_000)),
    };
}
