using System.Buffers.Text;
using System.Numerics;
using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Api;

/// <summary>
/// Every key of the exchange (protocol 6.1). A wallet has at most one live key for a nonce; after a deletion the nonce is free for another
/// one. Keys are the same for a seed. Safe to use from many requests at once.
/// </summary>
internal sealed class KeyRing(Ids ids, Action<string> onIssued)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApiKey> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Address, BigInteger Nonce), List<string>> _byNonce = [];
    private readonly Dictionary<string, ApiKey> _readers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<BuilderKey>> _builders = new(StringComparer.Ordinal);
    private long _count;

    /// <summary>Hears of a key right after it stopped to be one.</summary>
    public Action<ApiKey> Deleted { get; set; } = _ => { };

    /// <summary>Null when the wallet has a live key for the nonce already.</summary>
    public ApiKey? Create(string address, BigInteger nonce)
    {
        ApiKey key;
        lock (_gate)
        {
            if (!_byNonce.TryGetValue((address, nonce), out var issued)) _byNonce.Add((address, nonce), issued = []);
            if (issued.Count > 0 && _keys.ContainsKey(issued[^1])) return null;

            key = Make($"{address}/{nonce}" + (issued.Count == 0 ? "" : $"/{issued.Count}"), address);
            issued.Add(key.Key);
            _keys.Add(key.Key, key);
        }

        onIssued(key.Key);
        return key;
    }

    /// <summary>Null when the wallet has no live key for the nonce.</summary>
    public ApiKey? Derive(string address, BigInteger nonce)
    {
        lock (_gate)
        {
            return _byNonce.TryGetValue((address, nonce), out var issued) ? _keys.GetValueOrDefault(issued[^1]) : null;
        }
    }

    public ApiKey? Find(string key)
    {
        lock (_gate) return _keys.GetValueOrDefault(key);
    }

    public IReadOnlyList<string> Of(string address)
    {
        lock (_gate) return [.. _keys.Values.Where(k => k.Address == address).Select(k => k.Key).Order(StringComparer.Ordinal)];
    }

    /// <summary>Its read-only keys go with it.</summary>
    public void Delete(ApiKey key)
    {
        lock (_gate)
        {
            _keys.Remove(key.Key);
            foreach (var reader in _readers.Where(r => r.Value == key).Select(r => r.Key).ToArray()) _readers.Remove(reader);
        }

        Deleted(key);
    }

    /// <summary>A key without a secret, good for reading what <paramref name="owner"/> may read.</summary>
    public string CreateReader(ApiKey owner)
    {
        lock (_gate)
        {
            var reader = ids.Uuid($"reader/{owner.Key}", ++_count);
            _readers.Add(reader, owner);
            return reader;
        }
    }

    public IReadOnlyList<string> ReadersOf(string address)
    {
        lock (_gate) return [.. _readers.Where(r => r.Value.Address == address).Select(r => r.Key).Order(StringComparer.Ordinal)];
    }

    public ApiKey? OwnerOf(string reader)
    {
        lock (_gate) return _readers.GetValueOrDefault(reader);
    }

    /// <summary>False when the wallet has no such read-only key.</summary>
    public bool DeleteReader(string address, string reader)
    {
        lock (_gate) return _readers.TryGetValue(reader, out var owner) && owner.Address == address && _readers.Remove(reader);
    }

    public ApiKey CreateBuilder(string address, long now)
    {
        lock (_gate)
        {
            if (!_builders.TryGetValue(address, out var keys)) _builders.Add(address, keys = []);

            var key = Make($"builder/{address}/{++_count}", address);
            keys.Add(new BuilderKey(key, now));
            return key;
        }
    }

    public IReadOnlyList<BuilderKey> BuildersOf(string address)
    {
        lock (_gate) return [.. _builders.GetValueOrDefault(address) ?? []];
    }

    /// <summary>Revokes all of the wallet: the official client does not say which one it means.</summary>
    public void RevokeBuilders(string address, long now)
    {
        lock (_gate)
        {
            if (_builders.TryGetValue(address, out var keys)) _builders[address] = [.. keys.Select(k => k with { RevokedAt = k.RevokedAt ?? now })];
        }
    }

    private ApiKey Make(string label, string address) => new(
        ids.Uuid($"key/{label}"),
        Base64Url.EncodeToString(ids.Bytes($"secret/{label}")) + "=",
        Convert.ToHexStringLower(ids.Bytes($"passphrase/{label}")),
        address);
}
