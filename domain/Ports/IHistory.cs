using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Ports;

/// <summary>
/// What was written down, for people who ask: read beside the writers, who never wait for it. Every answer is the newest rows, the oldest
/// of them first. Throws <see cref="IOException"/> with one line.
/// </summary>
public interface IHistory
{
    /// <summary>Of the journal.</summary>
    Task<ImmutableArray<FactLine>> Facts(HistoryQuery asked);

    /// <summary>What a person should look at, and what of the venue could not be read.</summary>
    Task<ImmutableArray<ErrorLine>> Errors(HistoryQuery asked);

    /// <summary>Of the recorder. Only times and numbers are chosen by.</summary>
    Task<ImmutableArray<InputLine>> Inputs(HistoryQuery asked);

    /// <summary>What all was worth, as it was sampled.</summary>
    Task<ImmutableArray<EquityLine>> Equity(HistoryQuery asked);

    /// <summary>As they stand now, by the time they were made.</summary>
    Task<ImmutableArray<OrderLine>> Orders(HistoryQuery asked);
}

/// <param name="Last">At most so many rows, and never more than <see cref="Most"/>.</param>
/// <param name="Since">Not before this moment; null for no such limit.</param>
/// <param name="After">Only greater numbers: to go on from a row.</param>
/// <param name="Kind">Facts of this kind; null for all.</param>
/// <param name="Market">Facts of this market; null for all.</param>
public sealed record HistoryQuery(int Last, Instant? Since = null, long After = 0, string? Kind = null, MarketId? Market = null)
{
    public const int Most = 10_000;
}

/// <param name="N">Its number; greater ones came later.</param>
/// <param name="Body">The fact in its JSON.</param>
public sealed record FactLine(long N, Instant At, string Kind, MarketId? Market, BasketId? Basket, string Body);

public sealed record ErrorLine(Instant At, string Where, string What);

/// <param name="Source">market, user, rest, command, params, timer, call, answer or turn.</param>
/// <param name="Text">As received; its beginning when it is long.</param>
/// <param name="Length">Of all of it, in characters.</param>
public sealed record InputLine(long N, Instant At, string Connection, string Source, string Text, int Length);

/// <param name="Status">The name of an <see cref="OrderState"/>.</param>
public sealed record OrderLine(
    Instant At, OrderId Id, BasketId Basket, MarketId Market, TokenId Token, Side Side, OrderType Type, Price Price, Size Size, Size Matched, string Status, string Why);

/// <param name="Profit">Equity without opening balance and external credits.</param>
public sealed record EquityLine(Instant At, Usd Equity, Usd Profit);
