using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Orders;

/// <summary>What the venue thinks the wallet has of one asset, in millionths, and what each contract may take of it.</summary>
public sealed record BalanceAllowance(long Micros)
{
    /// <summary>The largest is a uint256: 78 digits.</summary>
    private const int LengthMax = 100;

    private ImmutableDictionary<string, BigInteger> Allowances { get; init; } = ImmutableDictionary<string, BigInteger>.Empty;

    /// <summary>An older answer: one allowance, without saying whose.</summary>
    private BigInteger? Allowance { get; init; }

    /// <summary>False for an answer that is about the balance alone.</summary>
    public bool SaysAllowances { get; private init; }

    /// <summary>Millionths the contract of this address may take, most often all there could ever be; null when the answer does not say.</summary>
    public BigInteger? AllowanceOf(string spender) => Allowances.TryGetValue(spender, out var allowance) ? allowance : Allowance;

    /// <summary>Base units, some answers decimals; a map, one number or none (C-36). Throws FormatException without a balance.</summary>
    internal static BalanceAllowance Read(JsonElement answer)
    {
        var text = answer.Utf8("balance");
        if (!FixedPoint.TryParse(text, text.AsSpan().Contains((byte)'.') ? 6 : 0, out var micros)) throw new FormatException("no balance");

        return new BalanceAllowance(micros)
        {
            SaysAllowances = answer.TryGetProperty("allowances", out _) || answer.TryGetProperty("allowance", out _),
            Allowance = Number(answer.Text("allowance")),
            Allowances = answer.TryGetProperty("allowances", out var map) && map.ValueKind is JsonValueKind.Object
                ? map.EnumerateObject().Select(one => (one.Name, Allowance: Number(one.Value.Scalar()))).Where(one => one.Allowance is not null)
                    .DistinctBy(one => one.Name, StringComparer.OrdinalIgnoreCase) // JSON allows a name twice.
                    .ToImmutableDictionary(one => one.Name, one => one.Allowance!.Value, StringComparer.OrdinalIgnoreCase)
                : ImmutableDictionary<string, BigInteger>.Empty,
        };
    }

    private static BigInteger? Number(string text)
    {
        if (text.Length > LengthMax) return null;

        var isDecimal = text.Contains('.', StringComparison.Ordinal);
        var digits = isDecimal ? text.Split('.')[0] + text.Split('.')[1].PadRight(6, '0')[..6] : text;
        return BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
