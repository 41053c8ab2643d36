namespace PolyArb.Polymarket.UserFeed;

/// <summary>How we recognise ourselves in trades: the wallet that holds the funds, and the API key's id.</summary>
public sealed record Account(string Wallet, string ApiKey)
{
    public bool IsUs(string wallet, string owner) =>
        (wallet.Length > 0 && wallet.Equals(Wallet, StringComparison.OrdinalIgnoreCase))
        || (owner.Length > 0 && owner.Equals(ApiKey, StringComparison.OrdinalIgnoreCase));
}
