using System.Globalization;
using PolyArb.Simulator.Crypto;

namespace PolyArb.Simulator.Engine;

/// <summary>Names that depend on the seed and a label only: the same run names the same things alike.</summary>
internal sealed class Ids(ulong seed)
{
    public byte[] Bytes(string label) => Keccak256.Hash(string.Create(CultureInfo.InvariantCulture, $"{seed}/{label}"));

    public string Hash(string label, long number) => Hex.Text(Bytes(string.Create(CultureInfo.InvariantCulture, $"{label}/{number}")));

    public string Uuid(string label, long number) => Uuid(string.Create(CultureInfo.InvariantCulture, $"{label}/{number}"));

    public string Uuid(string label)
    {
        var bytes = Bytes(label).AsSpan(0, 16);
        bytes[6] = (byte)(0x40 | (bytes[6] & 0x0F));
        bytes[8] = (byte)(0x80 | (bytes[8] & 0x3F));
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
