namespace PolyArb.Simulator.Api;

/// <summary>API credentials; the address is the signer's, in lower case (protocol 6.1).</summary>
internal sealed record ApiKey(string Key, string Secret, string Passphrase, string Address);

/// <summary>A builder's credentials (protocol 6.1). Times are Unix milliseconds; a revoked key stays listed.</summary>
internal sealed record BuilderKey(ApiKey Credentials, long CreatedAt)
{
    public long? RevokedAt { get; init; }
}
