namespace PolyArb.Simulator.Faults;

/// <summary>Everything that goes wrong at the real venue, an item of protocol 10.9 each.</summary>
internal enum FaultKind
{
    WsFreeze,
    TokenFreeze,
    DropBook,
    LateBook,
    ReorderSameTimestamp,
    CrossedTransient,
    DuplicateFrame,
    SocketClose,
    StaleRestBook,
    Restart425,
    PostOnlyWindow,
    RateLimit429,
    ErrorAfterAccept,
    LostAnswer,
    TradeRetrying,
    TradeFailed,
    FakOverfill,
    TickChange,
    HeartbeatExpiry,
    GtdEarly,
    LateUserEvents,
    MissingMarketResolved,
    Hydration404,
    OddStatus,
    SellBeforeMined,
}

/// <summary>How a fault takes hold once its time has come.</summary>
internal enum FaultNature
{
    /// <summary>Everything it concerns goes wrong for a while.</summary>
    Window,

    /// <summary>It waits for the next thing it concerns, and spoils that one.</summary>
    Charge,

    /// <summary>It is done at once.</summary>
    Act,
}

internal static class FaultKinds
{
    private const long Never = 0;

    /// <summary>The word in a plan, the nature, and how long it lasts in milliseconds when the plan does not say.</summary>
    private static readonly Dictionary<FaultKind, (string Name, FaultNature Nature, long DurationMs)> All = new()
    {
        [FaultKind.WsFreeze] = ("ws-freeze", FaultNature.Window, 5_000),
        [FaultKind.TokenFreeze] = ("token-freeze", FaultNature.Window, 5_000),
        [FaultKind.DropBook] = ("drop-book", FaultNature.Charge, Never),
        [FaultKind.LateBook] = ("late-book", FaultNature.Charge, 1_000),
        [FaultKind.ReorderSameTimestamp] = ("reorder-same-timestamp", FaultNature.Charge, Never),
        [FaultKind.CrossedTransient] = ("crossed-transient", FaultNature.Charge, Never),
        [FaultKind.DuplicateFrame] = ("duplicate-frame", FaultNature.Charge, Never),
        [FaultKind.SocketClose] = ("socket-close", FaultNature.Act, Never),
        [FaultKind.StaleRestBook] = ("stale-rest-book", FaultNature.Window, 10_000),
        [FaultKind.Restart425] = ("restart-425", FaultNature.Act, 90_000),
        [FaultKind.PostOnlyWindow] = ("post-only-window", FaultNature.Act, 120_000),
        [FaultKind.RateLimit429] = ("rate-limit-429", FaultNature.Window, 2_000),
        [FaultKind.ErrorAfterAccept] = ("error-after-accept", FaultNature.Charge, Never),
        [FaultKind.LostAnswer] = ("lost-answer", FaultNature.Charge, Never),
        [FaultKind.TradeRetrying] = ("trade-retrying", FaultNature.Charge, Never),
        [FaultKind.TradeFailed] = ("trade-failed", FaultNature.Charge, Never),
        [FaultKind.FakOverfill] = ("fak-overfill", FaultNature.Charge, Never),
        [FaultKind.TickChange] = ("tick-change", FaultNature.Act, Never),
        [FaultKind.HeartbeatExpiry] = ("heartbeat-expiry", FaultNature.Act, Never),
        [FaultKind.GtdEarly] = ("gtd-early", FaultNature.Act, Never),
        [FaultKind.LateUserEvents] = ("late-user-events", FaultNature.Window, 2_000),
        [FaultKind.MissingMarketResolved] = ("missing-market-resolved", FaultNature.Charge, Never),
        [FaultKind.Hydration404] = ("hydration-404", FaultNature.Window, 60_000),
        [FaultKind.OddStatus] = ("odd-status", FaultNature.Window, 10_000),
        [FaultKind.SellBeforeMined] = ("sell-before-mined", FaultNature.Window, 60_000),
    };

    public static string Name(this FaultKind kind) => All[kind].Name;

    public static FaultNature Nature(this FaultKind kind) => All[kind].Nature;

    public static long UsualDurationMs(this FaultKind kind) => All[kind].DurationMs;
}
