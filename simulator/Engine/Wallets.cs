using System.Collections.Concurrent;

namespace PolyArb.Simulator.Engine;

/// <summary>
/// Which key's address owns a contract wallet. On the chain the wallet itself tells; here it is registered by /sim/wallets.
/// Addresses in lower case.
/// </summary>
internal sealed class Wallets
{
    private readonly ConcurrentDictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _wallets = new(StringComparer.Ordinal);

    public void Register(string wallet, string owner)
    {
        _owners[wallet] = owner;
        _wallets[owner] = wallet;
    }

    public string? OwnerOf(string wallet) => _owners.GetValueOrDefault(wallet);

    /// <summary>The wallet registered last for an owner.</summary>
    public string? WalletOf(string owner) => _wallets.GetValueOrDefault(owner);
}
