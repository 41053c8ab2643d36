using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// Keeps orders back while the venue asked for a pause, cannot be reached or does not let us in, and those it would only refuse.
/// Cancels, reads and heartbeats pass.
/// </summary>
internal sealed partial class SendGate(IVenue venue, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<ConditionId, string> _refused = []; // As last said.
    private VenueFailure? _failure; // The last one, until an order was taken or refused for its own sake.
    private Instant _until;

    /// <summary>Why no order goes out now; empty when they may.</summary>
    public string Trouble => _failure is { } failure && IsResting ? $"orders rest: {failure.Why}" : "";

    public bool IsResting => time.Now() < _until;

    /// <summary>Null when the proposal may go out.</summary>
    public Refusal? Refuses(Proposal proposal)
    {
        if (IsResting) return Refusal.VenueRests;

        return proposal.Orders.Select(order => order.Condition).Distinct().ToImmutableArray().Any(IsRefused) ? Refusal.NotSignable : null;
    }

    /// <summary>What a request with orders met with: null when they were answered one by one. Says so once for each change.</summary>
    public void Hear(VenueFailure? failure)
    {
        if (failure is VenueFailure.Unanswered) return; // Says nothing about the next one.

        if (failure?.Rest is not { } rest)
        {
            if (IsResting && _failure is VenueFailure.RetryAfter) return; // That answer was under way already: the wait is the venue's word.
            if (_failure is not null) LogTaken();
            (_failure, _until) = (null, default);
            return;
        }

        if (_failure?.GetType() != failure.GetType()) Say(failure, rest);
        var until = time.Now() + rest;
        if (until > _until) _until = until;
        _failure = failure;
    }

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
