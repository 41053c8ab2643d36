namespace PolyArb.Storage;

/// <summary>One movement in millionths of shares and of dollars.</summary>
/// <param name="Amount">Null for shares that came without a price: by a conversion.</param>
internal readonly record struct Execution(bool IsBuy, long Size, long? Amount);

/// <summary>
/// Shares of one token and what those bought here cost on average (millionths of a dollar, before fees). What was held before
/// us, what a conversion brought and what came from outside have no price; a sell or a call takes priced shares first, at their average.
/// </summary>
internal readonly record struct Holding(long Quantity, long? AveragePrice)
{
    public static Holding Of(long opening, IEnumerable<Execution> executions)
    {
        var quantity = opening;
        Int128 priced = 0;
        Int128 cost = 0;
        foreach (var (isBuy, size, amount) in executions)
        {
            if (isBuy)
            {
                quantity += size;
                if (amount is null) continue;

                priced += size;
                cost += amount.Value;
                continue;
            }

            quantity -= size;
            var sold = Int128.Min(priced, size);
            if (sold > 0) cost -= cost * sold / priced;
            priced -= sold;
        }

        return new Holding(quantity, priced > 0 ? long.CreateSaturating(cost * 1_000_000 / priced) : null);
    }
}
