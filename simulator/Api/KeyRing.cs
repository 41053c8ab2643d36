using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Numerics;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Api;

/// <summary>Credentials by (address, nonce), the same for a seed: creating twice or deriving first gives the same key.</summary>
internal sealed class KeyRing(Ids ids, Action<string> onIssued)
{
    private readonly ConcurrentDictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);

    public ApiKey Issue(string address, BigInteger nonce)
    {
        var label = $"{address}/{nonce}";
        var key = new ApiKey(
            ids.Uuid($"key/{label}"),
            Base64Url.EncodeToString(ids.Bytes($"secret/{label}")) + "=",
            Convert.ToHexStringLower(ids.Bytes($"passphrase/{label}")),
            address);
        if (_keys.TryAdd(key.Key, key)) onIssued(key.Key);
        return key;
    }

    public ApiKey? Find(string key) => _keys.GetValueOrDefault(key);

    public IEnumerable<ApiKey> Of(string address) => _keys.Values.Where(k => k.Address == address);

    public bool Delete(ApiKey key) => _keys.TryRemove(key.Key, out _);
}
