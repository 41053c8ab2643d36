using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolyArb.Polymarket.Signing;

/// <summary>The few functions of libsecp256k1 that signing takes; looked for once a process.</summary>
internal static partial class Secp256k1
{
    /// <summary>What a Debian without it lacks; other releases number it differently.</summary>
    public const string DebianPackage = "libsecp256k1-1";

    private const string Library = "libsecp256k1";
    private const uint SigningContext = 0x201; // SECP256K1_CONTEXT_SIGN; newer versions ignore the difference.
    private const uint Uncompressed = 2;
    private const int PublicKeySize = 64;
    private const int UncompressedSize = 65;
    private const int RecoverableSize = 65;

    /// <summary>Debian 12 has .so.1, later ones .so.2; the name without a number comes with the development package.</summary>
    private static readonly string[] FileNames =
        ["libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.6", "libsecp256k1.so.0", "libsecp256k1.so", "libsecp256k1.dylib"];

    private static readonly string[] Exports =
    [
        "secp256k1_context_create", "secp256k1_context_randomize", "secp256k1_context_destroy", "secp256k1_ec_pubkey_create",
        "secp256k1_ec_pubkey_serialize", "secp256k1_ecdsa_sign_recoverable", "secp256k1_ecdsa_recoverable_signature_serialize_compact",
    ];

    private static readonly nint Handle;

    static Secp256k1()
    {
        foreach (var name in FileNames)
        {
            if (!NativeLibrary.TryLoad(name, out Handle)) continue;

            FileName = name;
            NativeLibrary.SetDllImportResolver(typeof(Secp256k1).Assembly, Resolve);
            break;
        }
    }

    /// <summary>The file that was found; null when there is none.</summary>
    public static string? FileName { get; }

    /// <summary>A function the file lacks; it can be built without recovery.</summary>
    public static string? MissingExport => Exports.FirstOrDefault(name => !NativeLibrary.TryGetExport(Handle, name, out _));

    /// <summary>A context of one's own, blinded against side channels. Any number of threads may sign with it.</summary>
    public static Context NewContext()
    {
        var context = Create(SigningContext);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        var done = Randomize(context, in seed[0]);
        CryptographicOperations.ZeroMemory(seed);
        return done == 1 ? context : throw new InvalidOperationException("libsecp256k1 did not take its random seed");
    }

    /// <summary>The 64 bytes of the key's point.</summary>
    public static void PublicKey(Context context, KeyMemory key, Span<byte> key64)
    {
        Span<byte> point = stackalloc byte[PublicKeySize];
        if (CreatePublicKey(context, ref point[0], key) != 1) throw new InvalidOperationException("libsecp256k1 did not take the key");

        Span<byte> text = stackalloc byte[UncompressedSize];
        nuint length = UncompressedSize;
        if (SerializePublicKey(context, ref text[0], ref length, in point[0], Uncompressed) != 1 || length != UncompressedSize)
            throw new InvalidOperationException("libsecp256k1 did not write the public key");

        text[1..].CopyTo(key64);
    }

    /// <summary>Writes r and s; returns the recovery id, 0 to 3.</summary>
    public static int Sign(Context context, KeyMemory key, ReadOnlySpan<byte> digest32, Span<byte> signature64)
    {
        if (digest32.Length != 32 || signature64.Length != 64) throw new ArgumentException("a digest is 32 bytes, r and s are 64");

        Span<byte> signature = stackalloc byte[RecoverableSize];
        if (SignRecoverable(context, ref signature[0], in digest32[0], key, nonceFunction: 0, nonceData: 0) != 1
            || SerializeSignature(context, ref signature64[0], out var id, in signature[0]) != 1)
        {
            throw new InvalidOperationException("libsecp256k1 did not sign");
        }

        return id;
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Library ? Handle : 0;

    [LibraryImport(Library, EntryPoint = "secp256k1_context_create")]
    private static partial Context Create(uint flags);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_randomize")]
    private static partial int Randomize(Context context, in byte seed32);

    [LibraryImport(Library, EntryPoint = "secp256k1_context_destroy")]
    private static partial void Destroy(nint context);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_create")]
    private static partial int CreatePublicKey(Context context, ref byte point64, KeyMemory key32);

    [LibraryImport(Library, EntryPoint = "secp256k1_ec_pubkey_serialize")]
    private static partial int SerializePublicKey(Context context, ref byte output, ref nuint length, in byte point64, uint form);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_sign_recoverable")]
    private static partial int SignRecoverable(
        Context context, ref byte signature65, in byte digest32, KeyMemory key32, nint nonceFunction, nint nonceData);

    [LibraryImport(Library, EntryPoint = "secp256k1_ecdsa_recoverable_signature_serialize_compact")]
    private static partial int SerializeSignature(Context context, ref byte signature64, out int recoveryId, in byte signature65);

    /// <summary>A context of the library; destroyed when the last call with it is over.</summary>
    public sealed class Context() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            Destroy(handle);
            return true;
        }
    }
}
