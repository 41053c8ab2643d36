using PolyArb.Client.Watch;
using PolyArb.Domain.Journal;

namespace PolyArb.Client.Commands;

/// <summary>`watch`: the whole screen until q or Ctrl-C; where no terminal is, one look.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan FrameEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>Of one look that goes into a pipe.</summary>
    private static readonly (int Width, int Height) PaperSize = (160, 60);

    /// <param name="address">Of the silo, as it was named.</param>
    public static async Task<int> Run(Func<CancellationToken, Task<SiloConnection>> connect, string address, Output output, TimeProvider time, CancellationToken cancellation)
    {
        await using var watching = new Watching(connect, time);
        await watching.Begin(cancellation);
        if (output.IsJson)
        {
            output.Document(Describe(watching.Latest.Sight));
        }
        else if (!output.Window.IsThere)
        {
            var frame = WatchScreen.Of(watching.Latest.Sight, address, null, default, PaperSize.Width, PaperSize.Height);
            foreach (var line in FullScreen.Draw(frame, PaperSize, hasColor: false).Split('\n')) output.Line(line.TrimEnd());
        }
        else
        {
            await Show(watching, address, output, cancellation);
        }

        return ExitCode.Ok;
    }

    private static async Task Show(Watching watching, string address, Output output, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var keys = Keys.Read(IsLeave);
        var looking = Task.Run(() => watching.GoOn(ends.Token), CancellationToken.None);
        var (choice, pressed) = (default(Choice), keys.WaitToReadAsync(CancellationToken.None).AsTask());
        using (var screen = new FullScreen(Console.Out, output.Window.HasColor))
        {
            while (!ends.IsCancellationRequested)
            {
                var (sight, problem) = watching.Latest;
                screen.Show((width, height) => WatchScreen.Of(sight, address, problem, choice, width, height));
                if (await Task.WhenAny(pressed, Task.Delay(FrameEvery, ends.Token)) != pressed) continue;

                while (keys.TryRead(out var key))
                {
                    if (IsLeave(key)) await ends.CancelAsync();
                    else choice = Moved(choice, key.Key);
                }

                pressed = keys.WaitToReadAsync(CancellationToken.None).AsTask();
            }
        }

        await looking;
    }

    private static bool IsLeave(ConsoleKeyInfo key) => key is { Key: ConsoleKey.Q or ConsoleKey.Escape } or { Key: ConsoleKey.C, Modifiers: ConsoleModifiers.Control };

    private static Choice Moved(Choice choice, ConsoleKey key) => key switch
    {
        ConsoleKey.DownArrow or ConsoleKey.J => new Choice(choice.Market + 1, 0),
        ConsoleKey.UpArrow or ConsoleKey.K => new Choice(choice.Market - 1, 0),
        ConsoleKey.RightArrow or ConsoleKey.L => choice with { Question = choice.Question + 1 },
        ConsoleKey.LeftArrow or ConsoleKey.H => choice with { Question = choice.Question - 1 },
        _ => choice,
    };

    private static object Describe(Sight sight) => new
    {
        time = sight.At.Millis,
        state = Output.Word(sight.Status.State),
        reason = sight.Status.Reason,
        epoch = sight.Status.Epoch,
        equity = sight.Status.Equity,
        cash = sight.Status.Cash,
        exposure = sight.Status.Exposure,
        realizedPnl = sight.Status.RealizedPnl,
        hourlyPnl = sight.Status.HourlyPnl,
        dailyPnl = sight.Status.DailyPnl,
        drawdown = sight.Status.Drawdown,
        openOrders = sight.Status.OpenOrders,
        unresolvedOrders = sight.Status.UnresolvedOrders,
        streams = new { market = sight.Status.MarketStream, user = sight.Status.UserStream },
        latencyMicros = sight.Latencies.ToDictionary(latency => latency.Series, latency => new { p50 = latency.P50, p99 = latency.P99 }),
        markets = sight.Markets.Select(market => BookCommand.Describe(market, market.Title, market.Books)),
        orders = sight.Orders.Select(order => new
        {
            id = order.Id,
            basket = order.Basket,
            market = order.Market,
            token = order.Token,
            side = Output.Word(order.Side),
            type = Output.Word(order.Type),
            price = order.Price,
            size = order.Size,
            matched = order.Matched,
            status = order.Status.ToUpperInvariant(),
            createdAt = order.At.Millis,
        }),
        events = sight.Facts.Select(fact => new { n = fact.N, time = fact.At.Millis, kind = fact.Kind, market = fact.Market, basket = fact.Basket, text = FactText.Of(fact) }),
        errors = sight.Errors.Select(error => new { time = error.At.Millis, where = error.Where, what = error.What }),
    };
}
