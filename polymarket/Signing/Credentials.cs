namespace PolyArb.Polymarket.Signing;

/// <summary>API credentials of one wallet. Never printed: not a record, so nothing prints its members.</summary>
public sealed class Credentials(string apiKey, string secret, string passphrase)
{
    /// <summary>A UUID; it stands in our own events and is no secret by itself.</summary>
    public string ApiKey { get; } = apiKey;

    internal string Secret { get; } = secret;

    internal string Passphrase { get; } = passphrase;

    /// <summary>Throws <see cref="FormatException"/>, which does not show it, for a secret that is not base64.</summary>
    internal L2Hmac Hmac => field ??= new L2Hmac(Secret);

    /// <summary>For the one command that shows a person their own keys.</summary>
    public (string ApiKey, string Secret, string Passphrase) Reveal() => (ApiKey, Secret, Passphrase);

    public override string ToString() => "credentials (hidden)";
}
