using PolyArb.Domain.Orders;

namespace PolyArb.Polymarket.Orders;

/// <summary>What the venue's words prove about the orders they answer.</summary>
internal enum Proof
{
    /// <summary>Words we do not know: nothing.</summary>
    Nothing,

    /// <summary>An order they are said of may be on the book.</summary>
    Doubt,

    /// <summary>The one order they are said of was not accepted.</summary>
    Order,

    /// <summary>No order of the request was.</summary>
    Request,
}

/// <summary>
/// The venue's texts (protocol sheet 9.5, 7.8), the symbols of its older API and of its SDK: what each means and proves. Looked for as
/// substrings and without case, because the texts drift; the first row that is found counts. What is not here proves nothing.
/// </summary>
internal static class Rejections
{
    private static readonly (string[] Words, RejectCode Code, Proof Proof)[] Rows =
    [
        // Said of an order that may be on the book, ours from before or one that was held back, whatever else the text says.
        (["timeout", "timed out", "context canceled", "internal"], RejectCode.Unknown, Proof.Doubt),
        (["duplicated"], RejectCode.Duplicated, Proof.Doubt),
        (["order match delayed", "order_delayed", "delaying_order_error"], RejectCode.MatchDelayed, Proof.Doubt),
        (["could not insert order", "invalid_order_error", "execution_error"], RejectCode.NotInserted, Proof.Doubt),
        (["rounding issues"], RejectCode.RoundingIssues, Proof.Doubt),
        (["has a discrepancy greater than allowed"], RejectCode.PriceDiscrepancy, Proof.Doubt),

        // About the request as a whole.
        (["unauthorized", "invalid api key", "invalid l1 request headers"], RejectCode.Unauthorized, Proof.Request),
        (["too many orders in payload"], RejectCode.TooManyOrders, Proof.Request),
        (["payload exceeds the limit"], RejectCode.PayloadTooLarge, Proof.Request),
        (["order_version_mismatch"], RejectCode.VersionMismatch, Proof.Request),
        (["the order owner has to be the owner of the api key"], RejectCode.NotOwnerOfKey, Proof.Request),
        (["the order signer address has to be the address of the api key"], RejectCode.NotSignerOfKey, Proof.Request),
        (["invalid signature_type"], RejectCode.InvalidSignatureType, Proof.Request),
        (["invalid order payload", "invalid order params payload", "invalid trade params payload", "invalid payload"], RejectCode.InvalidPayload, Proof.Request),
        (["post-only mode", "post_only_mode"], RejectCode.PostOnlyMode, Proof.Request),
        (["cancel-only"], RejectCode.CancelOnlyMode, Proof.Request),
        (["trading is currently disabled", "trading is disabled"], RejectCode.TradingDisabled, Proof.Request),

        // About one order.
        (["rate limit exceeded for tokenid"], RejectCode.TokenRateLimited, Proof.Order),
        (["address banned"], RejectCode.AddressBanned, Proof.Order),
        (["in closed only mode"], RejectCode.ClosedOnly, Proof.Order),
        (["not enough balance", "not_enough_balance", "insufficient_balance"], RejectCode.NotEnoughBalance, Proof.Order),
        (["crosses book", "crosses the book", "post_only_would_cross"], RejectCode.PostOnlyWouldCross, Proof.Order),
        (["invalid post-only order", "invalid_post_only_order"], RejectCode.InvalidPostOnly, Proof.Order),
        (["breaks minimum tick size rule", "min_tick_size"], RejectCode.BreaksTick, Proof.Order),
        (["lower than the minimum", "min size", "invalid_order_min_size"], RejectCode.BelowMinimum, Proof.Order),
        (["invalid amount"], RejectCode.InvalidAmounts, Proof.Order),
        (["invalid nonce", "invalid_nonce"], RejectCode.InvalidNonce, Proof.Order),
        (["invalid expiration", "invalid_expiration", "invalid_order_expiration"], RejectCode.InvalidExpiration, Proof.Order),
        (["order canceled in the ctf exchange contract"], RejectCode.CanceledOnChain, Proof.Order),
        (["fok orders are", "fok_order_not_filled", "fok_not_filled"], RejectCode.FokNotFilled, Proof.Order),
        (["no orders found to match with fak order", "fak_not_filled"], RejectCode.FakNotFilled, Proof.Order),
        (["there are no matching orders"], RejectCode.NoMatchingOrders, Proof.Order),
        (["the market is not yet ready", "market_not_ready", "not accepting orders", "market is closed"], RejectCode.MarketNotReady, Proof.Order),
        (["market not found"], RejectCode.MarketNotFound, Proof.Order),
        (["no orderbook exists"], RejectCode.NoOrderBook, Proof.Order),
        (["fee rate not found"], RejectCode.NoFeeRate, Proof.Order),
        (["invalid signature"], RejectCode.InvalidSignature, Proof.Order),
        (["invalid orderid"], RejectCode.InvalidOrderId, Proof.Order),
        (["invalid token id"], RejectCode.InvalidToken, Proof.Order),
        (["invalid side"], RejectCode.InvalidSide, Proof.Order),
        (["invalid market"], RejectCode.InvalidMarket, Proof.Order),
        (["invalid asset type"], RejectCode.InvalidAssetType, Proof.Order),
        (["too many requests", "rate limit"], RejectCode.RateLimited, Proof.Order),
    ];

    public static (RejectCode Code, Proof Proof) Of(string text, string symbol = "")
    {
        var row = Rows.FirstOrDefault(row => row.Words.Any(words =>
            text.Contains(words, StringComparison.OrdinalIgnoreCase) || symbol.Contains(words, StringComparison.OrdinalIgnoreCase)));
        return (row.Code, row.Proof);
    }

    /// <summary>A time in which the venue takes no orders of ours (9.4).</summary>
    public static bool IsMode(RejectCode code) => code is RejectCode.PostOnlyMode or RejectCode.CancelOnlyMode or RejectCode.TradingDisabled;
}
