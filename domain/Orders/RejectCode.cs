namespace PolyArb.Domain.Orders;

/// <summary>Why the venue did not take an order or a question: its texts (protocol sheet 9.5) under one name each.</summary>
public enum RejectCode
{
    /// <summary>In words we do not know, or in none.</summary>
    Unknown,

    /// <summary>No connection was made: the venue never heard of it.</summary>
    NotSent,

    // The account.
    Unauthorized,
    AddressBanned,

    /// <summary>The account may only reduce its positions.</summary>
    ClosedOnly,

    /// <summary>The address we come from, not the account: a region, a bot filter.</summary>
    Blocked,
    NotOwnerOfKey,
    NotSignerOfKey,

    /// <summary>The long form of the text names base units: balance, sum of matched orders, order amount with fees.</summary>
    NotEnoughBalance,

    // The request.
    InvalidPayload,
    TooManyOrders,
    PayloadTooLarge,
    InvalidSignature,
    InvalidSignatureType,

    /// <summary>Signed for another protocol version than the market's.</summary>
    VersionMismatch,
    InvalidOrderId,
    InvalidToken,
    InvalidMarket,
    InvalidSide,
    InvalidAssetType,

    // The order.
    BreaksTick,

    /// <summary>Fewer shares than the market's minimum, or less than $1 for a marketable BUY.</summary>
    BelowMinimum,

    /// <summary>More decimals than the tick allows.</summary>
    InvalidAmounts,
    InvalidNonce,
    InvalidExpiration,

    /// <summary>The venue has this id: our own order of before.</summary>
    Duplicated,
    CanceledOnChain,
    InvalidPostOnly,
    PostOnlyWouldCross,
    FokNotFilled,
    FakNotFilled,

    /// <summary>Held back, to be matched later or not.</summary>
    MatchDelayed,

    // The market.
    MarketNotReady,
    MarketNotFound,
    NoOrderBook,
    NoFeeRate,

    // The engine: it may have taken the order.
    NotInserted,
    NoMatchingOrders,
    RoundingIssues,
    PriceDiscrepancy,

    /// <summary>The matching engine is starting again.</summary>
    Restarting,

    // The venue's mode.
    PostOnlyMode,
    CancelOnlyMode,
    TradingDisabled,

    // Its limits.
    RateLimited,

    /// <summary>Too many orders on one token; others are taken.</summary>
    TokenRateLimited,
}
