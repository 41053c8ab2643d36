using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Doctor;

/// <summary>Follows one condition as a silo does, until both of its books came and are proven by the venue's hashes.</summary>
internal sealed class BookCheck(IMarketFeed feed, Condition condition)
{
    private readonly TaskCompletionSource _proven = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConditionBook _books = new(condition, BookFormat.Of(condition));
    private readonly HashSet<Outcome> _seen = [];
    private readonly Lock _gate = new();

    /// <summary>The books as they were proven, or why they were not.</summary>
    public async Task<Finding<ConditionBook>> Look(TimeSpan patience, CancellationToken stop)
    {
        var market = new Market { Id = new MarketId(condition.Id.Text), Title = condition.Question, NegRisk = false, Conditions = [condition] };
        var session = feed.Follow(market, (_, batch) => Task.FromResult(Take(batch)));
        try
        {
            await _proven.Task.WaitAsync(patience, stop);
            return new(_books);
        }
        catch (TimeoutException)
        {
            lock (_gate) return new(new Gap(Unproven(patience), "the book was not proven"));
        }
        catch (OperationCanceledException)
        {
            return new(new Gap(Patient.Interrupted, Patient.WasInterrupted));
        }
        finally
        {
            feed.Unfollow(market.Id, session);
        }
    }

    private FeedAnswer Take(ImmutableArray<FeedInput> batch)
    {
        lock (_gate)
        {
            if (_proven.Task.IsCompleted) return FeedAnswer.Gone;

            foreach (var input in batch)
            {
                if (input.Gap is { } cause) Lose(cause);
                foreach (ref readonly var update in input.Updates.AsSpan()) Apply(update, input.ReceivedAt);
            }

            if (_seen.Count == 2 && _books.Prove()) _proven.TrySetResult();
            return _books.Proof is ProofState.Failed ? FeedAnswer.Resync : FeedAnswer.Applied;
        }
    }

    private void Apply(in BookUpdate update, Instant at)
    {
        _books.Apply(update, at);
        if (update.Kind is BookUpdateKind.Snapshot && condition.OutcomeOf(update.Token) is { } outcome && _books.Proof is ProofState.Proven) _seen.Add(outcome);
    }

    private void Lose(string cause)
    {
        _books.Lose(cause);
        _seen.Clear();
    }

    private Check Unproven(TimeSpan patience)
    {
        var proofs = _books.Proofs;
        var within = $"within {patience.TotalSeconds:F0} s";
        if (proofs.Failed + proofs.Unknown > 0)
        {
            return Check.Fail(
                $"no proof of both books {within}: {proofs.Ok} hashes fit, {proofs.Failed} do not",
                "do not trade: the venue may hash its books another way now; look for a newer version of this program");
        }

        return Check.Fail(
            $"no books of both tokens {within}; the stream is {feed.Health.State}, {feed.Health.Detail}",
            "see `market-stream`; if that passes, try another --market: an ended one has no book");
    }
}
