namespace PolyArb.Simulator.Api;

/// <summary>API credentials; the address is the signer's, in lower case (protocol 6.1).</summary>
internal sealed record ApiKey(string Key, string Secret, string Passphrase, string Address);
