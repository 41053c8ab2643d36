using System.Text;

namespace PolyArb.Polymarket.Json;

/// <summary>A fixed set of ASCII names, asked with UTF-8 and without a string.</summary>
internal sealed class NameSet
{
    private readonly byte[][][] _byLength;

    public NameSet(params string[] names)
    {
        _byLength = [.. Enumerable.Range(0, names.Max(name => name.Length) + 1)
            .Select(length => names.Where(name => name.Length == length).Select(Encoding.ASCII.GetBytes).ToArray())];
    }

    public bool Has(ReadOnlySpan<byte> name)
    {
        if (name.Length >= _byLength.Length) return false;

        foreach (var known in _byLength[name.Length])
        {
            if (name.SequenceEqual(known)) return true;
        }

        return false;
    }
}
