namespace PolyArb.Polymarket.Signing;

/// <summary>Which library does the curve's arithmetic. Both give the same bytes.</summary>
public enum SignerBackend
{
    /// <summary>Native where it is there and passes its check, else managed.</summary>
    Auto,

    /// <summary>BouncyCastle: everywhere.</summary>
    Managed,

    /// <summary>libsecp256k1: four times as fast, in constant time, its key wiped; must be installed.</summary>
    Native,
}

/// <summary>A signer and the library behind it, or why there is none.</summary>
public abstract record SignerChoice
{
    private SignerChoice()
    {
    }

    /// <param name="Signer">To be disposed by whoever asked for it.</param>
    /// <param name="Backend">For a log: the library, and why not the other one where that was decided here.</param>
    public sealed record Made(IDigestSigner Signer, string Backend) : SignerChoice;

    /// <param name="Why">One line that names what to install.</param>
    public sealed record Unavailable(string Why) : SignerChoice;
}

/// <summary>The only place that makes signers.</summary>
public static class Signers
{
    private const string ManagedName = "BouncyCastle";

    private static readonly Lazy<string?> NativeFault = new(FindNativeFault);

    /// <summary>
    /// 64 hex digits, with or without 0x; throws <see cref="FormatException"/>, which never shows them, for anything else. The
    /// caller's string stays where it is: what cannot be wiped should be read once and not kept.
    /// </summary>
    public static SignerChoice Create(string privateKey, SignerBackend backend) => Create(KeyMemory.Parse(privateKey), backend);

    /// <summary>With a key nobody knows, for paper trading.</summary>
    public static SignerChoice CreateRandom(SignerBackend backend) => Create(KeyMemory.Random(), backend);

    private static SignerChoice Create(KeyMemory key, SignerBackend backend)
    {
        if (backend is SignerBackend.Managed) return new SignerChoice.Made(new ManagedSigner(key), ManagedName);
        if (NativeFault.Value is not { } fault) return new SignerChoice.Made(new NativeSigner(key), Secp256k1.FileName!);
        if (backend is SignerBackend.Auto) return new SignerChoice.Made(new ManagedSigner(key), $"{ManagedName}: {fault}");

        key.Dispose();
        return new SignerChoice.Unavailable(fault);
    }

    /// <summary>Null when the library is there, whole, and signs a published order as published.</summary>
    private static string? FindNativeFault()
    {
        if (Secp256k1.FileName is not { } file)
            return $"libsecp256k1 is not installed (on Debian: apt-get install {Secp256k1.DebianPackage})";

        if (Secp256k1.MissingExport is { } missing)
            return $"{file} lacks {missing}; it was built without recovery (on Debian: apt-get install {Secp256k1.DebianPackage})";

        using var signer = new NativeSigner(KeyMemory.Parse(SelfTest.Key));
        Span<byte> signature = stackalloc byte[65];
        signer.Sign(Convert.FromHexString(SelfTest.Digest), signature);
        return Convert.ToHexStringLower(signature) == SelfTest.Signature && signer.Address == EthAddress.Parse(SelfTest.Address)
            ? null
            : $"{file} does not sign as published: it is not used";
    }

    /// <summary>Order a of the protocol sheet 12.3, signed by the first public development key.</summary>
    private static class SelfTest
    {
        public const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";
        public const string Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
        public const string Digest = "32961c48ddac87ed3582f8e02097cd0eff4fcf80460306bd44b3710438dfa64c";
        public const string Signature =
            "89f178136333c8ebb32a19146cb891233e3202d474be6ef730c24dbc06ae4d2a0c99948a86d9b57de0f2c0bb8ec6964aa244ecf17cfa3a95b86878d0b64ad78a1b";
    }
}
