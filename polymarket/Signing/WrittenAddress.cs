namespace PolyArb.Polymarket.Signing;

/// <summary>An address and the text it was written as: its case is not signed, but it travels in the body as given.</summary>
public readonly record struct WrittenAddress
{
    private WrittenAddress(string text, EthAddress address) => (Text, Address) = (text, address);

    public string Text { get; }

    public EthAddress Address { get; }

    /// <summary>"0x" and 40 hex digits in any case; throws <see cref="FormatException"/> for anything else.</summary>
    public static WrittenAddress Parse(string text) => new(text, EthAddress.Parse(text));

    /// <summary>With its checksum.</summary>
    public static WrittenAddress Of(EthAddress address) => new(address.ToString(), address);

    public override string ToString() => Text;
}
