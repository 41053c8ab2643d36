using System.Globalization;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;

namespace PolyArb.Simulator.Faults;

/// <summary>What is done to the engine once a fault's time has come, and what its parts ask (protocol 10.9).</summary>
internal static class EngineFaults
{
    public static void Wire(Exchange exchange)
    {
        var board = exchange.Faults;
        board.OnAct(FaultKind.SocketClose, (_, condition) => Cut([.. exchange.Prints.Sinks(condition), .. exchange.Users.Sinks(condition)]));
        board.OnAct(FaultKind.Restart425, (fault, _) => Enter(exchange, Mode.Restarting, fault.DurationMs));
        board.OnAct(FaultKind.PostOnlyWindow, (fault, _) => Enter(exchange, Mode.PostOnly, fault.DurationMs));
        board.OnAct(FaultKind.TickChange, (_, condition) => ChangeTick(exchange, condition!));
        board.OnAct(FaultKind.GtdEarly, (_, condition) => Canceled(exchange, condition));
    }

    /// <summary>How the next trade of a condition settles, if badly.</summary>
    public static TradeFate? Fate(FaultBoard board, Condition condition)
    {
        if (board.IsIdle) return null;
        if (board.Strikes(FaultKind.TradeFailed, condition) is not null) return TradeFate.Fails;
        return board.Strikes(FaultKind.TradeRetrying, condition) is not null ? TradeFate.Retries : null;
    }

    /// <summary>Only mined tokens count for a sale now; asked where it makes a difference, so that it counts as felt there alone.</summary>
    public static bool NeedsMined(FaultBoard board, BookOrder order, Account account) =>
        !board.IsIdle && order.Side is Side.Sell && account.Arriving(order.TokenId) > 0 && board.Holds(FaultKind.SellBeforeMined, order.Condition);

    private static string Cut(IReadOnlyList<IFrameSink> sinks)
    {
        var sockets = sinks.OfType<FeedSocket>().Distinct().ToArray();
        foreach (var socket in sockets) socket.End();
        return string.Create(CultureInfo.InvariantCulture, $"{sockets.Length} sockets cut off");
    }

    /// <summary>A mode of 0 ms would never end.</summary>
    private static string Enter(Exchange exchange, Mode mode, long milliseconds)
    {
        exchange.Mode.Set(mode, Math.Max(1, milliseconds));
        return string.Create(CultureInfo.InvariantCulture, $"{mode} for {milliseconds} ms");
    }

    /// <summary>One step finer than listed, if there is one, else coarser; the next time back to the listed one.</summary>
    private static string ChangeTick(Exchange exchange, Condition condition)
    {
        var (ticks, now) = (MarketLife.Ticks, exchange.MarketOf(condition).Tick);
        var place = Array.IndexOf(ticks, condition.Tick);
        var next = now != condition.Tick ? condition.Tick : ticks[place == ticks.Length - 1 ? place - 1 : place + 1];
        return exchange.Life.ChangeTick(condition, next) ?? $"from {Units.Price(now)} to {Units.Price(next)}";
    }

    private static string Canceled(Exchange exchange, Condition? condition)
    {
        var orders = exchange.Resting(OrderType.Gtd).Where(order => condition is null || order.Condition.Id == condition.Id).ToArray();
        foreach (var order in orders) exchange.Cancel(order);
        return string.Create(CultureInfo.InvariantCulture, $"{orders.Length} GTD orders left");
    }
}
