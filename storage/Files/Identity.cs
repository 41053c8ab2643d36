using System.Globalization;

namespace PolyArb.Storage;

/// <summary>Whose history a data directory or a database holds.</summary>
/// <param name="Mode">live or paper.</param>
/// <param name="Venue">Host and port, lower case.</param>
/// <param name="Wallet">The address in lower case, or the word paper; empty: of a silo that only hosts markets, and knows no wallet.</param>
public sealed record Identity(string Mode, long ChainId, string Venue, string Wallet)
{
    private const string PaperWord = "paper";

    public static Identity Live(long chainId, Uri venue, string wallet) => new("live", chainId, Address(venue), wallet.ToLowerInvariant());

    public static Identity Paper(long chainId, Uri venue) => new(PaperWord, chainId, Address(venue), PaperWord);

    /// <summary>Of a silo without a key, in a cluster whose key others hold.</summary>
    public static Identity Markets(long chainId, Uri venue) => new("live", chainId, Address(venue), "");

    internal bool IsOfWallet => Wallet.Length > 0;

    /// <summary>The same; where one of the two knows no wallet, the same but for that.</summary>
    public bool Admits(Identity other) => this == other || (this with { Wallet = "" } == other with { Wallet = "" } && !(IsOfWallet && other.IsOfWallet));

    public override string ToString() => !IsOfWallet ? string.Create(CultureInfo.InvariantCulture, $"{Mode}, chain {ChainId}, {Venue}, no key") :
        string.Create(CultureInfo.InvariantCulture, $"{Mode}, chain {ChainId}, {Venue}, wallet {Wallet}");

    private static string Address(Uri venue) => string.Create(CultureInfo.InvariantCulture, $"{venue.IdnHost.ToLowerInvariant()}:{venue.Port}");
}
