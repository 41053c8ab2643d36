using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Commands;

/// <summary>`pnl`: the money now, equity as it was sampled, and what the baskets of each market earned of what they were to earn.</summary>
internal static class PnlCommand
{
    private const int CurveWidth = 60;

    public static async Task<int> Run(SiloConnection silo, Output output, HistoryQuery asked)
    {
        var (status, samples) = (await silo.Control.Status(), await silo.History.Equity(asked));
        var titles = (await silo.Registry.List()).ToDictionary(market => market.Id, market => market.Title);
        var markets = Titled(await silo.Control.Earned(), titles);
        if (output.IsJson)
        {
            output.Document(new
            {
                equity = status.Equity,
                cash = status.Cash,
                exposure = status.Exposure,
                realizedPnl = status.RealizedPnl,
                hourlyPnl = status.HourlyPnl,
                dailyPnl = status.DailyPnl,
                drawdown = status.Drawdown,
                markets,
                samples = samples.Select(sample => new { time = sample.At.Millis, equity = sample.Equity, profit = sample.Profit }),
            });
            return ExitCode.Ok;
        }

        output.Field("money", $"equity {Output.Known(status.Equity)}, cash {status.Cash}, exposure {status.Exposure}");
        output.Field("profit", $"{status.RealizedPnl} realized, {Output.Known(status.HourlyPnl)} in an hour, {Output.Known(status.DailyPnl)} in a day");
        output.Field("drawdown", $"{Output.Known(status.Drawdown)} below the highest equity");
        if (samples.Length > 1)
        {
            output.Field("equity", Sparkline.Of([.. samples.Select(sample => sample.Equity.Micros)], CurveWidth));
            output.Field("", $"{samples.Length} samples, {Output.Time(samples[0].At)} to {Output.Time(samples[^1].At)}, {samples.Min(sample => sample.Equity)} to {samples.Max(sample => sample.Equity)}");
        }

        output.Table(
            ["market", "baskets", "expected", "earned", "kept"],
            markets.Select(market => new[]
            {
                Output.Cut(market.Title.Length > 0 ? market.Title : market.Market.Text, 60), market.Baskets.ToString(CultureInfo.InvariantCulture),
                market.Expected.ToString(), market.Earned.ToString(), Kept(market),
            }),
            none: "no basket has ended yet");
        return ExitCode.Ok;
    }

    /// <summary>Of baskets that have ended; they know no time, so all of them count.</summary>
    private static ImmutableArray<MarketEarnings> Titled(ImmutableArray<Earnings> earnings, Dictionary<MarketId, string> titles) =>
    [
        .. earnings.Select(its => new MarketEarnings(its.Market, titles.GetValueOrDefault(its.Market, ""), its.Baskets, its.Expected, its.Earned))
            .OrderByDescending(market => market.Earned),
    ];

    private static string Kept(MarketEarnings market) =>
        market.Expected <= Usd.Zero ? "-" : string.Create(CultureInfo.InvariantCulture, $"{(Int128)market.Earned.Micros * 100 / market.Expected.Micros} %");

    private sealed record MarketEarnings(MarketId Market, string Title, int Baskets, Usd Expected, Usd Earned);
}
