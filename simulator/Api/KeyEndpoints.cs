using System.Numerics;
using System.Text.Json;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api;

/// <summary>
/// Keys on the wire (protocol 6.1). Its two refusals are not among the texts of protocol 9.5; they are reported in Polymarket/clob-client
/// issue 202 and Polymarket/rs-clob-client-v2 issue 37.
/// </summary>
internal sealed class KeyEndpoints(KeyRing keys, TimeProvider clock)
{
    /// <summary>
    /// A nonce with a live key is refused, which is what sends the official client's createOrDerive on to derive: it ignores the error and
    /// looks only for a key.
    /// </summary>
    public Answer Create((string Address, BigInteger Nonce) wallet) =>
        keys.Create(wallet.Address, wallet.Nonce) is { } key ? Credentials(key) : Answer.Error(400, "Could not create api key");

    public Answer Derive((string Address, BigInteger Nonce) wallet) =>
        keys.Derive(wallet.Address, wallet.Nonce) is { } key ? Credentials(key) : Answer.Error(400, "Could not derive api key!");

    public Answer List(ApiKey key) => Answer.Object(json => json.WriteStrings("apiKeys", keys.Of(key.Address)));

    public Answer Delete(ApiKey key)
    {
        keys.Delete(key);
        return Answer.Ok;
    }

    public Answer CreateReader(ApiKey key)
    {
        var reader = keys.CreateReader(key);
        return Answer.Object(json => json.WriteString("apiKey", reader));
    }

    public Answer Readers(ApiKey key) => Answer.Array(keys.ReadersOf(key.Address), (json, reader) => json.WriteStringValue(reader));

    public Answer DeleteReader(ApiKey key, JsonElement body) => body.Field("key") is { } reader
        ? Answer.Json(json => json.WriteBooleanValue(keys.DeleteReader(key.Address, reader)))
        : Answer.Error(400, "Invalid payload");

    public Answer CreateBuilder(ApiKey key)
    {
        var builder = keys.CreateBuilder(key.Address, Now);
        return Answer.Object(json =>
        {
            json.WriteString("key", builder.Key);
            json.WriteString("secret", builder.Secret);
            json.WriteString("passphrase", builder.Passphrase);
        });
    }

    public Answer Builders(ApiKey key) => Answer.Array(keys.BuildersOf(key.Address), (json, builder) =>
    {
        json.WriteStartObject();
        json.WriteString("key", builder.Credentials.Key);
        json.WriteString("createdAt", JsonText.Time(builder.CreatedAt));
        if (builder.RevokedAt is { } revoked) json.WriteString("revokedAt", JsonText.Time(revoked));
        json.WriteEndObject();
    });

    public Answer RevokeBuilders(ApiKey key)
    {
        keys.RevokeBuilders(key.Address, Now);
        return Answer.Ok;
    }

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private static Answer Credentials(ApiKey key) => Answer.Object(json =>
    {
        json.WriteString("apiKey", key.Key);
        json.WriteString("secret", key.Secret);
        json.WriteString("passphrase", key.Passphrase);
    });
}
