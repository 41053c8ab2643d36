using System.Globalization;

namespace PolyArb.Storage;

/// <summary>Whose history a data directory holds.</summary>
/// <param name="Mode">live or paper.</param>
/// <param name="Venue">Host and port, lower case.</param>
/// <param name="Wallet">The address in lower case, or the word paper.</param>
public sealed record Identity(string Mode, long ChainId, string Venue, string Wallet)
{
    private const string PaperWord = "paper";

    public static Identity Live(long chainId, Uri venue, string wallet) => new("live", chainId, Address(venue), wallet.ToLowerInvariant());

    public static Identity Paper(long chainId, Uri venue) => new(PaperWord, chainId, Address(venue), PaperWord);

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Mode}, chain {ChainId}, {Venue}, wallet {Wallet}");

    private static string Address(Uri venue) => string.Create(CultureInfo.InvariantCulture, $"{venue.IdnHost.ToLowerInvariant()}:{venue.Port}");
}
