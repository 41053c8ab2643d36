namespace PolyArb.Polymarket.Signing;

/// <summary>Whether signature type, funder and key fit each other (protocol sheet 7.1).</summary>
public static class WalletFit
{
    /// <summary>By signature type.</summary>
    public static readonly IReadOnlyList<string> Kinds = ["the key's own address", "a proxy wallet", "a Safe", "a deposit wallet"];

    /// <summary>What does not fit, and what to do about it; null when all does.</summary>
    /// <param name="funder">As written; null: none is.</param>
    /// <param name="owner">The key's own address.</param>
    public static (string What, string Remedy)? Misfit(int type, string? funder, EthAddress owner)
    {
        if (funder is not null && Misspelt(funder))
            return ($"FUNDER {funder} does not fit its own checksum", "copy it again: a letter is wrong, or its case is; all lower case is taken as it is");

        var isOwner = funder is null || EthAddress.Parse(funder) == owner;
        return (type, isOwner) switch
        {
            (0, false) => (
                $"signature type 0 is the key's own address, {owner}, but FUNDER is {funder}",
                "leave FUNDER empty, or set SIGNATURE_TYPE to what that wallet is: 1 proxy, 2 Safe, 3 deposit wallet"),
            (not 0, true) => (
                $"signature type {type} is {Kinds[type]}, but FUNDER is {(funder is null ? "empty" : "the key's own address")}",
                "set FUNDER to the wallet's address, which polymarket.com shows under Deposit, or SIGNATURE_TYPE=0"),
            _ => null,
        };
    }

    /// <summary>Letters of both cases are a checksum (EIP-55).</summary>
    private static bool Misspelt(string address) =>
        address[2..].Any(char.IsAsciiLetterUpper) && address[2..].Any(char.IsAsciiLetterLower) && EthAddress.Parse(address).ToString() != address;
}
