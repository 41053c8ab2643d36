using System.Collections.Immutable;
using PolyArb.Domain.Orders;

namespace PolyArb.Domain.Risk;

/// <summary>What the portfolio is asked or told. One is one turn; the clock comes with it.</summary>
public abstract record PortfolioCall
{
    private PortfolioCall()
    {
    }

    public sealed record Reserve(Proposal Proposal) : PortfolioCall;

    public sealed record Consume(long Gateway, ReservationId Reservation) : PortfolioCall;

    public sealed record SetAside(long Gateway, HeldReservation Shares) : PortfolioCall;

    public sealed record Settle(long Gateway, ImmutableArray<Settlement> Settlements) : PortfolioCall;

    public sealed record Release(long Gateway, ImmutableArray<ReservationId> Reservations) : PortfolioCall;

    public sealed record FreeSlot(long Gateway, BasketId Basket) : PortfolioCall;

    public sealed record TakeSlots(long Gateway, ImmutableArray<OpenSlot> Open) : PortfolioCall;

    public sealed record Move(long Gateway, TradingState State, long Epoch) : PortfolioCall;

    public sealed record Announce(Announcement Announcement) : PortfolioCall;

    public sealed record Check(long Gateway, GatewaySigns Signs) : PortfolioCall;

    public sealed record Trip(long Gateway, string Why) : PortfolioCall;

    public sealed record Mark(MarketMark Bids) : PortfolioCall;
}

/// <summary>What the portfolio answers; nothing where it is only told.</summary>
public abstract record PortfolioAnswer
{
    private PortfolioAnswer()
    {
    }

    public sealed record Decided(RiskDecision Decision) : PortfolioAnswer;

    /// <param name="Refusal">Null: send.</param>
    public sealed record Consumed(Refusal? Refusal) : PortfolioAnswer;

    public sealed record HeldAside(bool IsHeld) : PortfolioAnswer;

    public sealed record Announced(bool IsHeard) : PortfolioAnswer;

    public sealed record Checked(PortfolioCheck Check) : PortfolioAnswer;

    /// <summary>It threw: whoever called was told so.</summary>
    public sealed record Broken(string What) : PortfolioAnswer
    {
        public static Broken By(Exception exception) => new($"{exception.GetType().Name}: {exception.Message}");
    }
}

/// <summary>What the portfolio believes: whenever the gateway knows better, it announces itself again.</summary>
/// <param name="Trip">Why a breaker tripped; null while none has.</param>
/// <param name="Sample">For the journal, with the credits that it knows of; null when none is due.</param>
public sealed record PortfolioCheck(
    long Gateway, long Epoch, TradingState Trading, bool IsRecovering, string? Trip, EquityPoint? Sample = null, long Credits = 0);
