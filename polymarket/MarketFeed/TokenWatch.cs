using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Sockets;

namespace PolyArb.Polymarket.MarketFeed;

/// <summary>
/// The clock of the sockets, and the questions to REST about tokens that have fallen silent: at most four requests a second, one at a
/// time, a hundred tokens in each (protocol sheet 9.1 allows fifty).
/// </summary>
internal sealed partial class TokenWatch(BookProbe probe, FeedParts parts, Func<MarketSocket[]> sockets)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly ILogger _logger = parts.Logger;
    private readonly Sparing _unanswered = new(parts.Time);
    private Task _asking = Task.CompletedTask;
    private TimeSpan _restUntil;
    private uint _first;

    public async Task Run(CancellationToken stopping)
    {
        using var period = new PeriodicTimer(Period, parts.Time);
        try
        {
            while (await period.WaitForNextTickAsync(stopping))
            {
                try
                {
                    var all = sockets();
                    foreach (var socket in all) socket.Tick();
                    if (_asking.IsCompleted) _asking = Look(all, stopping);
                }
                catch (Exception e) when (e is not OperationCanceledException) // A fault of ours: the feed goes on.
                {
                    LogFault(e);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    private async Task Look(MarketSocket[] all, CancellationToken stopping)
    {
        if (parts.Now < _restUntil) return;

        List<SilentToken> due = [];
        _first++; // Each socket is the first in its turn, should there be more to ask than there is time for.
        for (var i = 0; i < all.Length; i++) all[(_first + i) % all.Length].Watch.AddDue(due, BookProbe.TokensMax);
        if (due.Count == 0) return;

        try
        {
            var answer = await probe.Ask(due.Select(silent => silent.Token), stopping);
            if (answer is VenueAnswer<Dictionary<TokenId, RestBook>>.Unavailable(var failure) && !stopping.IsCancellationRequested)
            {
                _restUntil = parts.Now + (failure.Rest ?? TimeSpan.Zero);
                if (_unanswered.IsDue()) LogUnanswered(due.Count, failure.Why);
            }

            var verdicts = due.Select(silent => silent.Watch.Judge(silent, answer)).ToLookup(verdict => verdict);
            Count(ref parts.Counts.Looks, due.Count);
            Count(ref parts.Counts.Quiet, verdicts[Verdict.Quiet].Count());
            Count(ref parts.Counts.StaleRest, verdicts[Verdict.Older].Count());
            Count(ref parts.Counts.Ended, verdicts[Verdict.Ended].Count());
            LogLooked(due.Count, verdicts[Verdict.Quiet].Count(), verdicts[Verdict.Newer].Count(), verdicts[Verdict.Older].Count(), verdicts[Verdict.Ended].Count());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFault(e);
        }

        static void Count(ref long counter, int more) => Interlocked.Add(ref counter, more);
    }

    [LoggerMessage(LogLevel.Debug, "Asked REST about {Tokens} silent tokens: {Quiet} quiet, {Newer} with news, {Older} where REST is stale, {Ended} without a book")]
    private partial void LogLooked(int tokens, int quiet, int newer, int older, int ended);

    [LoggerMessage(LogLevel.Warning, "REST does not say whether {Tokens} silent tokens are quiet or frozen: {Why}")]
    private partial void LogUnanswered(int tokens, string why);

    [LoggerMessage(LogLevel.Error, "Watching the market channel failed; it goes on")]
    private partial void LogFault(Exception e);
}
