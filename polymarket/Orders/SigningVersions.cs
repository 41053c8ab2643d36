using System.Collections.Concurrent;
using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Catalog;

namespace PolyArb.Polymarket.Orders;

/// <summary>
/// Which protocol version the orders of a condition are signed for: the catalogue's, until the venue refuses it and says another
/// (protocol sheet 0.2). A version that it refuses and names all the same is not tried again for a while.
/// </summary>
internal sealed class SigningVersions(TermsBook terms, TimeProvider time)
{
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RefusedFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UnreadFor = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<ConditionId, ProtocolVersion> _told = new();
    private readonly ConcurrentDictionary<ConditionId, (string Why, DateTimeOffset Until)> _refused = new();

    public ProtocolVersion Of(LegOrder order) => _told.TryGetValue(order.Condition, out var told) ? told : order.Protocol;

    /// <summary>Why signing for it would only be refused; null when nothing is known against it.</summary>
    public string? WhyNot(ConditionId condition) =>
        _refused.TryGetValue(condition, out var refused) && time.GetUtcNow() < refused.Until ? refused.Why : null;

    /// <summary>Reads the version again of what was refused for it. The orders themselves are dead: another version is another order.</summary>
    public async Task Learn(ImmutableArray<SignedOrder> orders, ImmutableArray<OrderEvent> news, CancellationToken cancellation)
    {
        var signed = orders.Zip(news)
            .Where(pair => pair.Second is OrderEvent.Rejected { Code: RejectCode.VersionMismatch })
            .Select(pair => (pair.First.Intent.Order.Condition, pair.First.Intent.Order.Protocol))
            .Distinct()
            .ToArray();
        if (signed.Length == 0) return;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ReadWithin);
        var read = await Task.WhenAll(signed.Select(async one => (one.Condition, one.Protocol, Now: await VersionOf(one.Condition, limit.Token))));
        foreach (var (condition, _, now) in read)
        {
            if (now is { } version) _told[condition] = version;
        }

        if (read.Any(one => one.Now is { } now && now != one.Protocol)) return; // That one spoiled the request, and the others need not be wrong.

        foreach (var (condition, protocol, now) in read)
        {
            _refused[condition] = now is null
                ? ($"the venue refuses orders for {condition} as {protocol} and does not say which version it is", time.GetUtcNow() + UnreadFor)
                : ($"the venue refuses orders for {condition} as {protocol}, which is what it lists it as", time.GetUtcNow() + RefusedFor);
        }
    }

    private async Task<ProtocolVersion?> VersionOf(ConditionId condition, CancellationToken cancellation)
    {
        try
        {
            return await terms.Refresh(condition, cancellation) is { } found ? found.Protocol : null;
        }
        catch (OperationCanceledException)
        {
            return null; // Too many questions before it.
        }
    }
}
