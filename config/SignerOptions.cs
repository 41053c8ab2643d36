namespace PolyArb.Config;

public enum SigningBackend
{
    Auto,
    Managed,
    Native,
}

/// <summary>Which library signs: section `signer`.</summary>
public sealed record SignerOptions
{
    /// <summary>Auto: native where it is installed, else managed. The signatures are the same.</summary>
    public required SigningBackend Backend { get; init; }

    internal static SignerOptions Read(ParameterBinder from) => new()
    {
        Backend = from.AtStart(
            "signer.backend",
            "auto",
            Kinds.OneOf(("auto", SigningBackend.Auto), ("managed", SigningBackend.Managed), ("native", SigningBackend.Native))),
    };
}
