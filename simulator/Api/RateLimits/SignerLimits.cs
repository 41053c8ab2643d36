using System.Text.Json;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;

namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>
/// The two token buckets of each signer (protocol 9.2): a request is let through whole or not at all. Warning mode lets everything through
/// and says in a header what would have been refused.
/// </summary>
internal sealed class SignerLimits(LimitOptions options, Exchange exchange)
{
    private const long TierLastsMs = 3 * 3_600_000L;
    private const long VolumeSpanMs = 30 * 86_400_000L;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Signer> _signers = new(StringComparer.Ordinal);

    /// <summary>Runs an order request of this cost; what it canceled beyond that is charged afterwards.</summary>
    public async Task<Answer> RunAsync(ApiKey key, SignerCost cost, Func<Task<Answer>> run)
    {
        if (options.Percent == 0 || cost.Tokens == 0) return await run();

        var signer = SignerOf(key);
        bool taken;
        long? wait;
        lock (_gate)
        {
            var bucket = signer.Bucket(cost.Cancels);
            taken = bucket.TryTake(cost.Tokens, exchange.Agenda.Now);
            wait = taken ? 0 : bucket.WaitFor(cost.Tokens, exchange.Agenda.Now);
        }

        if (!taken && options.SignersEnforced)
        {
            // A cost above the burst never fits, however long one waits, so there is no time to name.
            var refusal = AddressLimits.TooMany(((wait ?? 0) + 999) / 1000);
            return refusal with { Headers = [.. wait is null ? [] : refusal.Headers, .. Headers(signer, cost, wait ?? 0)] };
        }

        var answer = await run();
        if (cost.CountsCanceled) Charge(signer, Canceled(answer));
        (string, string)[] warning = taken ? [] : [("Poly-RateLimit-Warning", "true")];
        return answer with { Headers = [.. answer.Headers, .. Headers(signer, cost, wait ?? 0), .. warning] };
    }

    /// <summary>The answer of /v1/user/rate-limit-tier, whose fields are not in the sheet; the header's name for the tier is.</summary>
    public Answer Tier(ApiKey key)
    {
        var tier = SignerOf(key).Tier;
        return Answer.Object(json => json.WriteString("tier", tier.Name));
    }

    private Signer SignerOf(ApiKey key)
    {
        var now = exchange.Agenda.Now;
        lock (_gate)
        {
            if (_signers.TryGetValue(key.Address, out var known) && now < known.TierUntil) return known;
        }

        var tier = LimitTier.For(Volume(key, now - VolumeSpanMs)); // The exchange's lock is never taken inside ours.
        lock (_gate)
        {
            if (!_signers.TryGetValue(key.Address, out var signer)) _signers.Add(key.Address, signer = new Signer(tier, options.Percent, now));
            signer.Become(tier, options.Percent, now + TierLastsMs);
            return signer;
        }
    }

    /// <summary>Whole pUSD that the key traded on either side. "Maker volume" of the sheet means the wallet that orders name as maker.</summary>
    private long Volume(ApiKey key, long since)
    {
        lock (exchange.Gate)
        {
            return exchange.TradesOf(key.Key).Where(t => t.MatchedAt >= since).Sum(t => t.Taker.Owner == key.Key
                ? t.Cash
                : t.Legs.Where(l => l.Maker.Owner == key.Key).Sum(l => Units.Notional(l.Shares, l.Price))) / Units.MicrosOne;
        }
    }

    private void Charge(Signer signer, long canceled)
    {
        lock (_gate) signer.Cancels.Charge(canceled, signer.Tier.Overdraft, exchange.Agenda.Now);
    }

    private IEnumerable<(string, string)> Headers(Signer signer, SignerCost cost, long waitMs)
    {
        lock (_gate)
        {
            return
            [
                ("Poly-RateLimit-Remaining", JsonText.Number(signer.Bucket(cost.Cancels).Remaining)),
                ("Poly-RateLimit-Reset", JsonText.Number((exchange.Agenda.Now + waitMs + 999) / 1000)),
                ("Poly-RateLimit-Tier", signer.Tier.Name),
            ];
        }
    }

    private static long Canceled(Answer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.TryGetProperty("canceled", out var list) && list.ValueKind is JsonValueKind.Array ? list.GetArrayLength() : 0;
    }

    private sealed class Signer(LimitTier tier, int percent, long now)
    {
        public LimitTier Tier { get; private set; } = tier;
        public long TierUntil { get; private set; }
        public TokenBucket Orders { get; } = new(Scaled(tier.OrderRate, percent), Scaled(tier.OrderBurst, percent), now);
        public TokenBucket Cancels { get; } = new(Scaled(tier.CancelRate, percent), Scaled(tier.CancelBurst, percent), now);

        public TokenBucket Bucket(bool cancels) => cancels ? Cancels : Orders;

        public void Become(LimitTier tier, int percent, long until)
        {
            (Tier, TierUntil) = (tier, until);
            Orders.Resize(Scaled(tier.OrderRate, percent), Scaled(tier.OrderBurst, percent));
            Cancels.Resize(Scaled(tier.CancelRate, percent), Scaled(tier.CancelBurst, percent));
        }

        private static long Scaled(long value, int percent) => Math.Max(1, value * percent / 100);
    }
}
