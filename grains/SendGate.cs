using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// The one place where orders are kept back: while the venue asked for a pause, cannot be reached, does not let us in, answers nothing or
/// may have cancelled what rests; those it would only refuse; and each until its turn by our own rate limits. Cancels, reads and
/// heartbeats pass.
/// </summary>
internal sealed partial class SendGate(IVenue venue, Pacer pacer, DeadManSwitch deadMan, ProposalCounts counts, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<ConditionId, string> _refused = []; // As last said.
    private VenueFailure? _failure; // The last one, until an order was taken or refused for its own sake.
    private Instant _until;

    /// <summary>Why no order goes out now; empty when they may.</summary>
    public string Trouble => _failure is { } failure && IsResting ? $"orders rest: {failure.Why}" : deadMan.Trouble;

    public bool IsResting => time.Now() < _until;

    /// <summary>Null when the proposal may go out.</summary>
    public Refusal? Refuses(Proposal proposal)
    {
        if (IsResting) return Refusal.VenueRests;
        if (deadMan.IsUnheard && WouldRest(proposal)) return Refusal.Unheard;

        return proposal.Orders.Select(order => order.Condition).Distinct().ToImmutableArray().Any(IsRefused) ? Refusal.NotSignable : null;
    }

    /// <summary>
    /// Waits for the proposal's turn; null when it has come. What would be late by then is refused at once, and what must not be sent any
    /// more as soon as that is so: the turn is somebody else's then.
    /// </summary>
    /// <param name="stopped">Completes when trading may have stopped.</param>
    public async Task<Refusal?> Turn(Proposal proposal, TimeSpan deadline, Func<Task> stopped, Func<bool> isStopped)
    {
        var wait = pacer.TakeTurn(proposal.Orders.Length, time.Now());
        var comes = time.Now() + wait;
        if (wait > TimeSpan.Zero && comes - proposal.SeenAt > deadline)
        {
            pacer.GiveBack(proposal.Orders.Length);
            return Refusal.OverRateLimit;
        }

        if (wait > TimeSpan.Zero) counts.CountWait(wait);
        Refusal? kept = null;
        while (kept is null && comes - time.Now() is var left && left > TimeSpan.Zero)
        {
            await Task.WhenAny(Task.Delay(left, time), stopped());
            kept = isStopped() ? Refusal.NotInThisState : Refuses(proposal); // It may have begun to rest meanwhile.
        }

        if (kept is not null) pacer.GiveBack(proposal.Orders.Length);
        return kept;
    }

    /// <summary>What a request with orders met with: null when they were answered one by one. Says so once for each change.</summary>
    public void Hear(VenueFailure? failure)
    {
        if (RestAfter(failure) is not { } rest)
        {
            if (IsResting && _failure is VenueFailure.RetryAfter) return; // That answer was under way already: the wait is the venue's word.
            if (_failure is not (null or VenueFailure.Unanswered)) LogTaken();
            pacer.Reset();
            (_failure, _until) = (null, default);
            return;
        }

        if (failure is VenueFailure.Unanswered && IsResting) return; // Of the same wave, and it explains less.

        if (_failure?.GetType() != failure!.GetType()) Say(failure, rest);
        var until = time.Now() + rest;
        if (until > _until) _until = until;
        _failure = failure;
    }

    /// <summary>The venue's own wait, or ours where it is longer: that one doubles with each wave of failures.</summary>
    private TimeSpan? RestAfter(VenueFailure? failure)
    {
        if (failure is not (VenueFailure.RetryAfter or VenueFailure.Unanswered)) return failure?.Rest;

        var named = failure.Rest ?? TimeSpan.Zero;
        var ours = IsResting ? TimeSpan.Zero : pacer.BackOff(); // One wave doubles once.
        return named > ours ? named : ours;
    }

    /// <summary>An order to rest, or the beginning of something; what ends it and does not rest is none of the dead man's business.</summary>
    private static bool WouldRest(Proposal proposal) => proposal.Purpose is Purpose.Open or Purpose.Quote
        || proposal.Orders.Any(order => order.Type is OrderType.Gtc or OrderType.Gtd);

    private bool IsRefused(ConditionId condition)
    {
        if (venue.WhyNot(condition) is not { } why)
        {
            _refused.Remove(condition);
            return false;
        }

        if (_refused.GetValueOrDefault(condition) != why) LogRefused(why);
        _refused[condition] = why;
        return true;
    }

    private void Say(VenueFailure failure, TimeSpan rest)
    {
        switch (failure)
        {
            case VenueFailure.Unanswered:
                break; // Every order of it is an error already.
            case VenueFailure.Unauthorized:
                LogUnauthorized(failure.Why, rest.TotalSeconds);
                break;
            case VenueFailure.Blocked:
                LogBlocked(failure.Why, rest.TotalSeconds);
                break;
            default:
                LogResting(failure.Why, rest.TotalSeconds);
                break;
        }
    }

    [LoggerMessage(LogLevel.Warning, "No orders for {Seconds} s: {Why}")]
    private partial void LogResting(string why, double seconds);

    [LoggerMessage(LogLevel.Error, "No orders for {Seconds} s: the venue does not accept our API key ({Why}). Check CLOB_API_KEY, CLOB_API_SECRET, CLOB_API_PASSPHRASE and this machine's clock, or leave the three empty and start again")]
    private partial void LogUnauthorized(string why, double seconds);

    [LoggerMessage(LogLevel.Error, "No orders for {Seconds} s: {Why}. Look at https://polymarket.com/api/geoblock from this machine, and at venue.clob_rest_url")]
    private partial void LogBlocked(string why, double seconds);

    [LoggerMessage(LogLevel.Information, "The venue takes orders again")]
    private partial void LogTaken();

    [LoggerMessage(LogLevel.Error, "Kept back: {Why}")]
    private partial void LogRefused(string why);
}
