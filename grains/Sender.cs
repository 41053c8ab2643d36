using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Grains;

/// <summary>What a sender needs of the gateway around it.</summary>
/// <param name="Tell">Makes sure that the portfolio hears of it, if not now then in the next announcement.</param>
/// <param name="Observe">Takes what became of the orders.</param>
/// <param name="IsStopping">True from the moment the process is about to end, or a stop file is there.</param>
/// <param name="MustPause">True when the venue has to be read before anything goes out.</param>
/// <param name="NeedsQuiet">True when nothing new may be opened until our account was compared with the venue's.</param>
/// <param name="Announce">The portfolio may believe something that is not so: it must be told everything again.</param>
/// <param name="Fenced">What to do about an exception that says a newer gateway has taken over.</param>
internal sealed record SenderLinks(
    IPortfolioGrain Portfolio, Func<Task, Task> Tell, Func<ImmutableArray<OrderEvent>, Task> Observe, Func<bool> IsStopping, Func<bool> MustPause,
    Func<bool> NeedsQuiet, Action Announce, Action<Exception> Fenced);

/// <summary>The way of a proposal onto the wire: kept back or consumed, durable and signed, and sent in one synchronous segment.</summary>
internal sealed partial class Sender(
    GatewayBooks books, long fence, IVenue venue, SendGate gate, InFlight inFlight, SenderLinks links, RulesInForce rules, LatencyBook latencies,
    TimeProvider time, ILogger logger)
{
    private readonly Dictionary<ReservationId, Proposal> _unwritten = []; // Being consumed, and not yet in the journal.
    private readonly HashSet<OrderId> _onTheWire = [];
    private readonly List<Proposal> _waiting = []; // For their turn.

    /// <summary>What an announcement must hold beside what the journal knows.</summary>
    public IEnumerable<HeldReservation> Unwritten => _unwritten.Select(pair =>
        new HeldReservation(
            pair.Key, pair.Value.Market, pair.Value.Outlay, pair.Value.SharesToSell(), pair.Value.Opens, pair.Value.Conditions));

    /// <summary>Its request is about to go out, or the answer may still come.</summary>
    public bool IsOnTheWire(OrderId order) => _onTheWire.Contains(order);

    public async Task<DeskInput> Submit(Proposal proposal, Reservation reservation)
    {
        using var span = Tracing.Submit(proposal);
        if (IsPlaced(proposal))
        {
            await GiveBack(reservation.Id);
            return new DeskInput.Refused(proposal.Id, Refusal.AlreadyPlaced);
        }

        if ((KeepsBack(proposal) ?? gate.Refuses(proposal) ?? await Turn(proposal, reservation)) is { } kept)
        {
            await GiveBack(reservation.Id);
            return new DeskInput.Refused(proposal.Id, kept);
        }

        // Before the portfolio is asked: an announcement that overtakes its answer must not forget the money.
        _unwritten[reservation.Id] = proposal;
        Written? written;
        try
        {
            if (await links.Portfolio.Consume(fence, reservation.Id) is { } refusal)
            {
                await GiveBack(reservation.Id);
                if (proposal.Opens is not null) await links.Tell(links.Portfolio.FreeSlot(fence, proposal.Id)); // An announcement meanwhile may have taken it.
                return new DeskInput.Refused(proposal.Id, refusal);
            }

            written = await Journaled(proposal, reservation);
        }
        catch
        {
            links.Announce(); // The portfolio may have consumed what will never be sent.
            throw;
        }
        finally
        {
            _unwritten.Remove(reservation.Id);
        }

        if (written is null) return new DeskInput.Refused(proposal.Id, Refusal.NotSent);

        // On the blotter since this moment, and not out yet: a stop waits for it, else it would name orders that never went out.
        var sent = Send(proposal, reservation, written);
        inFlight.Track(sent);
        return await sent;
    }

    /// <summary>
    /// Once it is written and signed. What may keep it back is looked at after both, and from there to the send is one synchronous segment: either
    /// the fence was raised before, and nothing is sent, or the send is in flight when it is.
    /// </summary>
    private async Task<DeskInput> Send(Proposal proposal, Reservation reservation, Written written)
    {
        var isOut = false;
        var ids = written.Orders.Select(order => order.Id).ToArray();
        _onTheWire.UnionWith(ids); // As good as: nobody asks the venue about what was never sent.
        try
        {
            var signed = await written.Signing;

            var sentAt = time.Now();
            if ((KeepsOff(proposal, reservation, sentAt) ?? (signed is null ? "not sent: it could not be signed" : null)) is { } why)
            {
                var told = links.Observe([.. ids.Select(order => new OrderEvent.Rejected(order, why, RejectCode.NotSent))]);
                inFlight.Track(told);
                await told;
                return new DeskInput.Unknown(proposal.Id);
            }

            var sending = Tracing.Send();
            var send = venue.Send(signed!.Value, CancellationToken.None);
            isOut = true;
            latencies.Record(LatencySeries.DecisionToSend, proposal.SeenAt, sentAt);
            latencies.Record(LatencySeries.RecvToSend, proposal.ReceivedAt, sentAt);
            inFlight.Track(Finish(ids, send, sending, sentAt));
            return new DeskInput.Sent(proposal.Id);
        }
        finally
        {
            if (!isOut) _onTheWire.ExceptWith(ids);
        }
    }

    /// <summary>Why it must not go out now; null when it may.</summary>
    private string? KeepsOff(Proposal proposal, Reservation reservation, Instant now)
    {
        if (IsStopped(proposal, reservation)) return "not sent: stopped";
        if (now - proposal.SeenAt > rules.Now.SendDeadline) return "not sent: past its deadline";
        if (links.MustPause()) return "not sent: the venue has to be read first";
        return gate.Refuses(proposal) is { } rests ? $"not sent: {(gate.Trouble.Length > 0 ? gate.Trouble : rests)}" : null;
    }

    private Refusal? KeepsBack(Proposal proposal) =>
        IsDuplicate(proposal) ? Refusal.Duplicate
        : proposal.Purpose is Purpose.Open or Purpose.Quote && links.NeedsQuiet() ? Refusal.NotCompared
        : null;

    /// <summary>Before the money is promised for good: a wait for the rate limits holds up nobody else's.</summary>
    private async Task<Refusal?> Turn(Proposal proposal, Reservation reservation)
    {
        _waiting.Add(proposal);
        try
        {
            return await gate.Turn(proposal, rules.Now.SendDeadline, () => books.Moved, () => IsStopped(proposal, reservation));
        }
        finally
        {
            _waiting.Remove(proposal);
        }
    }

    private bool IsStopped(Proposal proposal, Reservation reservation) =>
        links.IsStopping() || reservation.Epoch != books.Epoch || !RiskEngine.IsLegal(proposal.Purpose, books.Trading);

    private async Task Finish(OrderId[] orders, Task<SendAnswer> send, Activity? sending, Instant sentAt)
    {
        try
        {
            SendAnswer answer;
            using (sending) answer = await send;
            latencies.Record(LatencySeries.SendToAck, sentAt, time.Now());
            gate.Hear(answer.Failure);
            await links.Observe(answer.News);
        }
        finally
        {
            _onTheWire.ExceptWith(orders);
        }
    }

    /// <summary>A proposal whose first answer was lost comes again; its orders must not.</summary>
    private bool IsPlaced(Proposal proposal) => proposal.Orders.Any(order =>
        books.Blotter.HasPlaced(proposal.Id, order.Leg, order.Attempt)
        || _unwritten.Values.Concat(_waiting).Any(other => other.Id == proposal.Id && other.Orders.Any(its => (its.Leg, its.Attempt) == (order.Leg, order.Attempt))));

    /// <summary>Another basket of its market with the same legs waits, is being written, or can still match. A refused one is in nobody's way.</summary>
    private bool IsDuplicate(Proposal proposal) => proposal.Purpose is Purpose.Open
        && (_unwritten.Values.Concat(_waiting).Any(other => other.Purpose is Purpose.Open && other.Id != proposal.Id && other.Market == proposal.Market
                && rules.Now.SameIntent.IsSame(other.Orders, proposal.Orders))
            || books.Blotter.OpenBaskets(proposal.Market).Any(open => open.Basket.Id != proposal.Id
                && books.Blotter.OrdersOf(open).Any(order => !order.IsClosed)
                && rules.Now.SameIntent.IsSame(open.Basket.Legs, proposal.Orders)));

    /// <summary>
    /// Writes approval, intents and orders in one durable transaction, and has them signed meanwhile. What is not on disk is not sent: null then.
    /// </summary>
    private async Task<Written?> Journaled(Proposal proposal, Reservation reservation)
    {
        try
        {
            var now = time.Now();
            var placed = venue.Identify([.. proposal.Orders.Select(order => proposal.IntentOf(order, rules.Now.Resting, now))]);
            var signing = Signed(proposal.Market, placed);
            using var span = Tracing.Journal();
            await books.Record(proposal.Basket is { } basket
                ? new Fact.BasketOpened(now, basket, reservation.Id, placed)
                : new Fact.ClosingOrderPlaced(now, reservation.Id, placed[0]));
            return new Written(placed, signing);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotJournaled(e, proposal.Market);
            links.Fenced(e);
            await GiveBack(reservation.Id);
            if (proposal.Basket is not null) await links.Tell(links.Portfolio.FreeSlot(fence, proposal.Id));
            return null;
        }
    }

    /// <summary>Null when there is no signature for what is being written, whatever the reason: never an exception.</summary>
    private async Task<ImmutableArray<SignedOrder>?> Signed(MarketId market, ImmutableArray<OrderPlaced> placed)
    {
        using var span = Tracing.Sign();
        try
        {
            var signed = await venue.Sign(placed);
            return signed.Select(order => order.Id).SequenceEqual(placed.Select(order => order.Id))
                ? signed
                : throw new InvalidOperationException($"signed {string.Join(' ', signed.Select(order => order.Id))} for {string.Join(' ', placed.Select(order => order.Id))}");
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogNotSigned(e, market);
            return null;
        }
    }

    /// <summary>Forgotten first, then released: an announcement in between would reserve it again, for good.</summary>
    private Task GiveBack(ReservationId reservation)
    {
        _unwritten.Remove(reservation);
        return links.Tell(links.Portfolio.Release(fence, [reservation]));
    }

    [LoggerMessage(LogLevel.Error, "Not sent on {Market}: the journal did not take it")]
    private partial void LogNotJournaled(Exception exception, MarketId market);

    [LoggerMessage(LogLevel.Error, "Not sent on {Market}: it could not be signed")]
    private partial void LogNotSigned(Exception exception, MarketId market);

    /// <summary>In the journal; null where no signature came.</summary>
    private sealed record Written(ImmutableArray<OrderPlaced> Orders, Task<ImmutableArray<SignedOrder>?> Signing);
}
