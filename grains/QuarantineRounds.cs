using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>What the rounds need of the gateway around them.</summary>
/// <param name="IsStreamLive">Whether our own orders would be told of now, should the venue have something to tell.</param>
/// <param name="IsOnTheWire">True while the answer to an order's request may still come.</param>
/// <param name="Observe">Takes what was found.</param>
internal sealed record QuarantineLinks(Func<bool> IsStreamLive, Func<OrderId, bool> IsOnTheWire, Func<ImmutableArray<OrderEvent>, Task> Observe);

/// <summary>
/// Asks the venue about orders nobody answered for, until they turn up or <see cref="Quarantine"/> has proof that they never will: then
/// their money is free and their market trades again. Nobody waits for it.
/// </summary>
internal sealed partial class QuarantineRounds(
    GatewayBooks books, IVenue venue, QuarantineLinks links, RulesInForce rules, TimeProvider time, ILogger logger)
{
    private readonly Quarantine _quarantine = new(() => rules.Now.Quarantine);
    private int _breaks;

    /// <summary>Something may have been missed: what was counted so far proves nothing.</summary>
    public void Break()
    {
        _breaks++;
        _quarantine.Break(time.Now());
    }

    /// <summary>Call every moment, one at a time: a round when one is due.</summary>
    public async Task Tick()
    {
        if (!links.IsStreamLive())
        {
            Break();
            return;
        }

        var asked = _quarantine.Due(books.Blotter.Unfinished.Where(order => !links.IsOnTheWire(order.Id)), time.Now());
        if (asked.IsEmpty) return;

        var (breaks, before) = (_breaks, Account());
        var found = await Ask(asked);
        var isOvertaken = asked.Any(order => books.Blotter.Find(order.Id) is not { State: OrderState.Unanswered });
        if (found is not { } said || isOvertaken || breaks != _breaks || !links.IsStreamLive())
        {
            Break();
            return;
        }

        var absent = _quarantine.Count(asked, said.Round, before, Account(), time.Now());
        foreach (var order in absent) LogAbsent(logger, order);
        if (absent.Length > 0 || said.News.Length > 0) await links.Observe([.. said.News, .. absent.Select(order => new OrderEvent.Absent(order))]);
    }

    private BalanceRange Account() => BalanceRange.Of(books.Ledger, books.Blotter, books.Settlements.Open.Select(open => open.Call));

    /// <summary>One round; null when any answer is missing.</summary>
    private async Task<(QuarantineRound Round, ImmutableArray<OrderEvent> News)?> Ask(ImmutableArray<Order> asked)
    {
        if (await OrderAnswers.Ask(venue, asked) is not { } said) return null;

        var shares = ImmutableDictionary.CreateBuilder<TokenId, Size>();
        foreach (var token in asked.Select(order => order.Intent.Order.Token).Distinct())
        {
            await venue.LookAgain(token, CancellationToken.None); // What it kept from before a sale would prove that there was none.
            if (await venue.Shares(token, CancellationToken.None) is not VenueAnswer<Size>.Ok(var held)) return null;
            shares[token] = held;
        }

        return await venue.Cash(CancellationToken.None) is VenueAnswer<Usd>.Ok(var cash)
            ? (new QuarantineRound(said.Known.Union(said.Traded), cash, shares.ToImmutable()), said.News)
            : null;
    }

    [LoggerMessage(LogLevel.Warning, "The venue never had order {Order}, say three rounds of questions: its money is free again")]
    private static partial void LogAbsent(ILogger logger, OrderId order);
}
