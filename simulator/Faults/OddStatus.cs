using PolyArb.Simulator.Engine;

namespace PolyArb.Simulator.Faults;

/// <summary>The older spellings of statuses (protocol 5.1, 5.2, 7.9, C-4). Ask with the exchange's lock held.</summary>
internal static class OddStatus
{
    /// <summary>The reason behind a cancel in user events; which reasons there are beside a kill's is not documented.</summary>
    private const string Reason = "_order was canceled";

    public static string Order(FaultBoard board, BookOrder order, string status) =>
        board.Holds(FaultKind.OddStatus, order.Condition) ? "ORDER_STATUS_" + status : status;

    public static string Event(FaultBoard board, BookOrder order, string status)
    {
        if (!board.Holds(FaultKind.OddStatus, order.Condition)) return status;
        return status == "CANCELED" ? status + Reason : "ORDER_STATUS_" + status;
    }

    public static string Trade(FaultBoard board, TradeRecord trade) =>
        board.Holds(FaultKind.OddStatus, trade.Condition) ? "TRADE_STATUS_" + trade.Status : trade.Status;
}
