using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Risk;
using PolyArb.Storage;

namespace PolyArb.Bench;

/// <summary>
/// What stands between an approval and its send: approval, intents and orders of a basket of two in one transaction, on disk. One after
/// the other, as one market feels it, on the disk of the temporary directory. NORMAL, which a power loss may take the last commits of, is
/// measured beside it to say what FULL costs.
/// </summary>
internal static class DurableTransactions
{
    private const int Appends = 500;

    /// <summary>Half and ninety-nine of a hundred at each synchronous mode; the spread is that of the runs.</summary>
    public static IEnumerable<Figure> Measure(int runs)
    {
        foreach (var (mode, open) in new[] { ("FULL", GatedSqliteDataSource.Durable), ("NORMAL", (Func<string, GatedSqliteDataSource>)GatedSqliteDataSource.Fast) })
        {
            var measured = Enumerable.Range(0, runs).Select(_ => Run(open).GetAwaiter().GetResult()).ToArray();
            yield return Of($"Durable transaction of a basket (synchronous {mode}), p50", [.. measured.Select(run => run.Half)]);
            yield return Of($"Durable transaction of a basket (synchronous {mode}), p99", [.. measured.Select(run => run.NinetyNine)]);
        }
    }

    private static async Task<(double Half, double NinetyNine)> Run(Func<string, GatedSqliteDataSource> open)
    {
        var directory = Directory.CreateTempSubdirectory("polyarb-bench-");
        try
        {
            var file = Path.Combine(directory.FullName, "polyarb.db");
            Schema.PrepareJournal(file);
            await using var source = open(file);
            await using var journal = new SqlJournal(source);
            var fence = await journal.RaiseFence();
            for (var i = 0; i < 50; i++) await journal.Append([Opened($"warm-{i}")], fence);

            var micros = new double[Appends];
            for (var i = 0; i < Appends; i++)
            {
                var fact = Opened($"b-{i}");
                var start = Stopwatch.GetTimestamp();
                await journal.Append([fact], fence);
                micros[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }

            Array.Sort(micros);
            return (micros[Appends / 2], micros[Appends * 99 / 100]);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    private static Figure Of(string name, double[] runs)
    {
        Array.Sort(runs);
        return new Figure(name, "us", Math.Round(runs[runs.Length / 2], 3), Math.Round(runs[0], 3), Math.Round(runs[^1], 3), runs.Length);
    }

    /// <summary>A basket of so many legs; ids are hashes, as a venue's are.</summary>
    public static Fact.BasketOpened Opened(string id, int legs = 2)
    {
        var basket = new Basket
        {
            Id = new BasketId(id),
            Market = new MarketId("0x" + new string('e', 64)),
            Kind = BasketKind.No,
            Legs = [.. Enumerable.Range(0, legs).Select(Leg)],
            Quantity = Size.Shares(100),
            PayoutDollars = 1,
            Edge = new EdgeTerms(Usd.Dollars(1), Usd.Cents(90), Usd.Zero, Usd.Zero, Usd.Zero),
            SeenAt = Instant.FromMillis(1_767_268_800_000),
        };
        return new Fact.BasketOpened(basket.SeenAt, basket, new ReservationId(1, 1), [.. basket.Legs.Select(leg => Placed(basket, leg))]);
    }

    private static OrderPlaced Placed(Basket basket, LegOrder leg)
    {
        var salt = OrderIntent.SaltOf(basket.Id, leg.Leg, leg.Attempt);
        return new OrderPlaced(
            new OrderId("0x" + Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(salt)))),
            new OrderIntent
            {
                Basket = basket.Id,
                Market = basket.Market,
                Purpose = Purpose.Open,
                Order = leg,
                Salt = salt,
                TimestampMs = basket.SeenAt.Millis,
            });
    }

    private static LegOrder Leg(int leg) => new()
    {
        Leg = leg,
        Attempt = 0,
        Condition = new ConditionId("0x" + (leg + 1).ToString("x64", CultureInfo.InvariantCulture)),
        Token = new TokenId($"{leg + 1}{new string('7', 75)}"),
        Outcome = Outcome.No,
        NegRisk = true,
        Side = Side.Buy,
        Type = OrderType.Fak,
        Limit = Price.Cents(45),
        MakerAmount = Usd.Dollars(45).Micros,
        TakerAmount = Size.Shares(100).Micros,
        WorstFee = Usd.Zero,
    };
}
