using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.Json;

namespace PolyArb.Polymarket.Catalog;

/// <summary>
/// What one source says a taker pays (protocol sheet 8). Two are compared: `fd` of the order book, and Gamma's `feesEnabled` with its
/// `feeSchedule`. The base fees (`tbf`, `takerBaseFee`, `/fee-rate`) say 1000 on every market with a fee and are never looked at.
/// </summary>
public abstract record FeeWord
{
    /// <summary>Past 2 the exact sum no longer fits; the venue uses 1 (section 8).</summary>
    private const long ExponentMax = 2;

    private FeeWord()
    {
    }

    /// <summary>A rate of zero is free, whatever the rest.</summary>
    public sealed record Known(FeeCurve Curve) : FeeWord;

    /// <summary>There is one, and the order book says which: Gamma's markets of before the schedules (2.2).</summary>
    public sealed record Elsewhere : FeeWord;

    public sealed record Unclear(string Why) : FeeWord;

    internal static FeeWord OfGamma(JsonElement market)
    {
        if (!market.Flag("feesEnabled")) return new Known(FeeCurve.Free);

        if (market.TryGetProperty("feeSchedule", out var schedule) && schedule.ValueKind is not JsonValueKind.Null)
            return Read(schedule.Text("rate"), schedule.Text("exponent"), schedule.Flag("takerOnly"));

        return market.Text("feeType").Length > 0 ? new Elsewhere() : new Unclear("fees are enabled without a schedule or a type");
    }

    /// <summary>No `fd`: free.</summary>
    internal static FeeWord OfOrderBook(JsonElement market) =>
        market.TryGetProperty("fd", out var fee) && fee.ValueKind is not JsonValueKind.Null
            ? Read(fee.Text("r"), fee.Text("e"), fee.Flag("to"))
            : new Known(FeeCurve.Free);

    /// <summary>The fee both mean; null with the reason where they do not say the same.</summary>
    internal static FeeCurve? Agreed(FeeWord gamma, FeeWord orderBook, out string? why)
    {
        (FeeCurve? fee, why) = (gamma, orderBook) switch
        {
            (Unclear unclear, _) => ((FeeCurve?)null, $"fee unclear: Gamma: {unclear.Why}"),
            (_, Unclear unclear) => (null, $"fee unclear: the order book: {unclear.Why}"),
            (Known one, Known other) when one == other => (one.Curve, (string?)null),
            (Elsewhere, Known { Curve.RateMicros: > 0 } only) => (only.Curve, null),
            _ => (null, $"fees disagree: Gamma {gamma}, the order book {orderBook}"),
        };
        return fee;
    }

    public sealed override string ToString() => this switch
    {
        Known { Curve.RateMicros: 0 } => "none",
        Known known => $"{FixedPoint.Format(known.Curve.RateMicros, 6)} with exponent {known.Curve.Exponent}",
        Elsewhere => "some",
        Unclear => "unclear",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>A fee that makers pay too is not the curve we know.</summary>
    private static FeeWord Read(string rateText, string exponentText, bool isTakerOnly)
    {
        if (!FixedPoint.TryParse(rateText, 6, out var rate) || rate > 1_000_000) return new Unclear($"'{rateText}' is not a rate");
        if (rate == 0) return new Known(FeeCurve.Free);
        if (!FixedPoint.TryParse(exponentText, 0, out var exponent) || exponent > ExponentMax) return new Unclear($"'{exponentText}' is not an exponent");
        return isTakerOnly ? new Known(new FeeCurve((int)rate, (int)exponent)) : new Unclear("makers pay it too");
    }
}
