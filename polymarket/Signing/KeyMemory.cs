using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace PolyArb.Polymarket.Signing;

/// <summary>
/// The 32 bytes of a private key at a place the collector never moves or copies, zeroed when released. A handle, so that a
/// call of the library under way keeps them alive.
/// </summary>
internal sealed class KeyMemory : SafeHandle
{
    public const int Length = 32;

    private readonly byte[] _bytes;

    private KeyMemory(byte[] pinned) : base(0, ownsHandle: true)
    {
        _bytes = pinned;
        SetHandle(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0));
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>The order of the curve's group: keys are 1 to this less one.</summary>
    private static ReadOnlySpan<byte> GroupOrder =>
    [
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe,
        0xba, 0xae, 0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
    ];

    /// <summary>64 hex digits, with or without 0x. The message of its exception never shows the text.</summary>
    public static KeyMemory Parse(string hex)
    {
        var digits = hex.AsSpan(hex.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0);
        var pinned = GC.AllocateArray<byte>(Length, pinned: true);
        if (digits.Length != Length * 2 || Convert.FromHexString(digits, pinned, out _, out _) is not OperationStatus.Done)
        {
            CryptographicOperations.ZeroMemory(pinned);
            throw new FormatException("the private key is not 64 hex digits");
        }

        return Own(pinned);
    }

    /// <summary>A key nobody knows.</summary>
    public static KeyMemory Random()
    {
        var pinned = GC.AllocateArray<byte>(Length, pinned: true);
        RandomNumberGenerator.Fill(pinned);
        return Own(pinned); // Not a number of the curve: 1 in 2^128.
    }

    /// <summary>Takes the bytes over: whoever disposes this zeroes them.</summary>
    internal static KeyMemory Own(byte[] pinned)
    {
        if (pinned.AsSpan().IndexOfAnyExcept((byte)0) >= 0 && pinned.AsSpan().SequenceCompareTo(GroupOrder) < 0) return new KeyMemory(pinned);

        CryptographicOperations.ZeroMemory(pinned);
        throw new FormatException("the private key is not a number of the curve");
    }

    /// <summary>For the backend that cannot work on the memory itself.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return _bytes;
        }
    }

    protected override bool ReleaseHandle()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        return true;
    }

    public override string ToString() => "a private key (hidden)";
}
