using System.Text.Json;
using CsCheck;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.Feed;
using PolyArb.Simulator.World;
using Xunit;

namespace PolyArb.Tests.Simulator;

/// <summary>Random streams of orders and cancels against the plainest book there could be, and what must hold after each of them.</summary>
public sealed class MatchingPropertyTests
{
    private static readonly Gen<Step> Steps = Gen.Select(
        Gen.Int[0, 9], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Bool, Gen.Int[42, 58], Gen.Int[500, 4_000],
        (kind, who, token, buys, cents, hundredths) => new Step(kind, who, token, buys ? Side.Buy : Side.Sell, cents * 100, hundredths * 10_000L));

    [Fact]
    public void The_engine_does_what_the_plainest_book_does_and_tells_it_truly() => Steps.List[1, 40].Sample(
        steps =>
        {
            var venue = new Venue(new FeeSchedule(500, 1));
            var heard = Heard.Market(venue.Exchange, venue.Market);
            var plain = new PlainBook();
            var watched = Enumerable.Range(0, 2).Select(token => Watch(venue.Market, token)).ToArray();
            foreach (var step in steps)
            {
                var result = step.Carry(venue, plain, out var expected);
                Assert.Equal(expected, Filled(result)); // Also conservation: the venue checks its money after every match.
                Bounds(result);
                plain.AssertSame(venue.Book);
                AssertMirrored(venue.Market);
                AssertTold(heard, venue.Market, watched);
            }
        },
        iter: 150,
        threads: 1);

    [Fact]
    public void Whatever_fails_settles_or_leaves_no_money_appears_or_vanishes() => Gen.Select(Steps.List[1, 60], Gen.ULong).Sample(
        (steps, seed) =>
        {
            var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
            var venue = new Venue(Venue.Event.Select(c => c with { Fee = new FeeSchedule(400, 1) }).ToArray(), clock);
            var random = new SeededRandom(seed);
            venue.Exchange.Fates.FailsPerThousand = venue.Exchange.Fates.RetriesPerThousand = 300;
            var chain = new Chain(venue.Exchange);
            foreach (var step in steps)
            {
                (step with { Shares = step.Shares * 50 }).Carry(venue, new PlainBook(), out _); // Large enough to run short.
                var account = venue.Account(Step.Names[random.Between(0, 2)]);
                var amount = random.Between(1, 3_000) * 1_000_001L;
                lock (venue.Exchange.Gate)
                {
                    switch (random.Between(0, 5))
                    {
                        case 0:
                            chain.Merge(account, venue.Condition, amount);
                            break;
                        case 1:
                            chain.Split(account, venue.Condition, amount);
                            break;
                        case 2:
                            var questions = Enumerable.Range(0, Venue.Event.Count).Where(_ => random.Chance(500)).ToArray();
                            chain.Convert(account, Venue.Event, questions, amount);
                            break;
                    }
                }

                clock.Advance(TimeSpan.FromMilliseconds(random.Between(0, 400)));
                venue.Exchange.Agenda.RunDue();
                venue.Exchange.Ledger.AssertConserved();
                foreach (var name in Step.Names) AssertCovered(venue.Account(name));
            }
        },
        iter: 200,
        threads: 1);

    private static WatchedBook Watch(Market market, int token)
    {
        using var json = JsonDocument.Parse(BookText.Summary(market, token));
        return new WatchedBook(json.RootElement.Clone(), market.Condition.NegRisk);
    }

    private static (long Shares, long Cash) Filled(PlaceResult? result) =>
        result is PlaceResult.Accepted { Trade: { } trade } ? (trade.Shares, trade.Cash) : (0, 0);

    private static void Bounds(PlaceResult? result)
    {
        if (result is not PlaceResult.Accepted { Trade: { } trade } accepted) return;

        var request = accepted.Order.Request;
        Assert.Equal(trade.Shares, trade.Legs.Sum(l => l.Shares));
        if (request.TargetsCollateral) Assert.True(trade.Cash <= request.MakerAmount);
        else Assert.True(trade.Shares <= request.Shares);
        Assert.All(trade.Legs, leg => Assert.True(leg.Maker.Matched <= leg.Maker.Original));
    }

    private static void AssertMirrored(Market market)
    {
        using var yes = JsonDocument.Parse(BookText.Summary(market, 0));
        using var no = JsonDocument.Parse(BookText.Summary(market, 1));
        foreach (var (side, other) in ((string, string)[])[("bids", "asks"), ("asks", "bids")])
        {
            Assert.Equal(
                yes.RootElement.GetProperty(side).EnumerateArray().Select(l => (1 - Number(l, "price"), Number(l, "size"))),
                no.RootElement.GetProperty(other).EnumerateArray().Select(l => (Number(l, "price"), Number(l, "size"))));
        }
    }

    private static decimal Number(JsonElement level, string name) =>
        decimal.Parse(level.Text(name), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Built from the frames alone, both books have the hash that the last frame and REST give them.</summary>
    private static void AssertTold(Heard heard, Market market, WatchedBook[] watched)
    {
        Dictionary<string, (string Hash, string Timestamp)> last = [];
        foreach (var frame in heard.SoFar())
        {
            if (frame.Text("event_type") == "book")
            {
                watched[frame.Text("asset_id") == market.Condition.Tokens[0] ? 0 : 1].Again(frame);
                last[frame.Text("asset_id")] = (frame.Text("hash"), frame.Text("timestamp"));
            }

            if (frame.Text("event_type") != "price_change") continue;

            foreach (var change in frame.GetProperty("price_changes").EnumerateArray())
            {
                watched[change.Text("asset_id") == market.Condition.Tokens[0] ? 0 : 1].Apply(change);
                last[change.Text("asset_id")] = (change.Text("hash"), frame.Text("timestamp"));
            }
        }

        foreach (var (token, (hash, timestamp)) in last)
        {
            var index = token == market.Condition.Tokens[0] ? 0 : 1;
            Assert.True(watched[index].Proves(timestamp, hash));
            Assert.Equal(hash, market.Hash(index));
        }
    }

    /// <summary>What rests is always covered, so a wallet in debt has nothing resting on that side.</summary>
    private static void AssertCovered(Account account)
    {
        Assert.True(account.ReservedCash == 0 || account.ReservedCash <= account.Cash);
        foreach (var (token, shares) in account.Tokens)
        {
            Assert.True(account.ReservedTokens(token) == 0 || account.ReservedTokens(token) <= shares);
        }
    }

    /// <summary>Kind 0 to 5: a limit order; 6 and 7: FAK and FOK in shares or collateral; 8 and 9: cancel the oldest at a price.</summary>
    private sealed record Step(int Kind, int Who, int Token, Side Side, int Price, long Shares)
    {
        public static readonly string[] Names = ["alice", "bob", "carol"];

        public PlaceResult? Carry(Venue venue, PlainBook plain, out (long Shares, long Cash) expected)
        {
            expected = (0, 0);
            var name = Names[Who];
            if (Kind >= 8)
            {
                var bids = Side is Side.Buy;
                if (venue.Book.FromBest(bids).FirstOrDefault()?.Orders.First?.Value is not { } order) return null;

                Assert.True(venue.Exchange.Cancel(order));
                plain.Remove(order.Id);
                return null;
            }

            var type = Kind switch { 6 => OrderType.Fak, 7 => OrderType.Fok, _ => OrderType.Gtc };
            var cash = Units.Notional(Shares, Price);
            var request = venue.Request(name, Token, Side, Price, 1, type);
            request = Side is Side.Buy ? request with { MakerAmount = cash, TakerAmount = Shares } : request with { MakerAmount = Shares, TakerAmount = cash };
            expected = plain.Take(request);
            return venue.Exchange.Place(request);
        }
    }

    /// <summary>Orders in order of arrival, searched from end to end; prices in YES terms.</summary>
    private sealed class PlainBook
    {
        private readonly List<(string Id, bool Bid, int Price, long Size, int Token)> _orders = [];

        public void Remove(string id) => _orders.RemoveAll(o => o.Id == id);

        public (long Shares, long Cash) Take(OrderRequest taker)
        {
            var limit = taker.Token == 0 ? taker.PriceOn(100) : Units.PriceOne - taker.PriceOn(100);
            var before = _orders.ToArray();
            var (shares, cash, whole) = (0L, 0L, false);
            while (!whole && Best(taker.IsBid, limit) is { } at)
            {
                var maker = _orders[at];
                var price = taker.Token == 0 ? maker.Price : Units.PriceOne - maker.Price;
                var wanted = taker.TargetsCollateral ? (taker.MakerAmount - cash) * Units.PriceOne / price : taker.Shares - shares;
                var filled = Math.Min(wanted, maker.Size);
                whole = wanted <= maker.Size;
                var paid = maker.Token == taker.Token
                    ? filled * price / Units.PriceOne
                    : filled - filled * (Units.PriceOne - price) / Units.PriceOne; // The rest of the pair.
                if (paid == 0 && taker.TargetsCollateral) break;

                (shares, cash) = (shares + filled, cash + paid);
                if (filled == maker.Size) _orders.RemoveAt(at);
                else _orders[at] = maker with { Size = maker.Size - filled };
            }

            if (taker.Type is OrderType.Fok && !whole)
            {
                _orders.Clear();
                _orders.AddRange(before);
                return (0, 0);
            }

            if (taker.Type is OrderType.Gtc && shares < taker.Shares) _orders.Add((taker.Id, taker.IsBid, limit, taker.Shares - shares, taker.Token));
            return (shares, cash);
        }

        /// <summary>The same orders at the same prices in the same order, and never crossed.</summary>
        public void AssertSame(OrderBook book)
        {
            foreach (var bids in (bool[])[true, false])
            {
                var expected = _orders.Where(o => o.Bid == bids).GroupBy(o => o.Price).OrderBy(g => bids ? -g.Key : g.Key)
                    .SelectMany(g => g.Select(o => (o.Id, o.Price, o.Size, g.Sum(x => x.Size))));
                var actual = book.FromBest(bids).SelectMany(l => l.Orders.Select(o => (o.Id, l.Price, o.Remaining, l.Total)));
                Assert.Equal(expected, actual);
            }

            Assert.False(book.BestBid >= book.BestAsk);
        }

        private int? Best(bool takerBids, int limit)
        {
            int? best = null;
            for (var i = 0; i < _orders.Count; i++)
            {
                var order = _orders[i];
                if (order.Bid == takerBids || (takerBids ? order.Price > limit : order.Price < limit)) continue;
                if (best is not { } b || (takerBids ? order.Price < _orders[b].Price : order.Price > _orders[b].Price)) best = i;
            }

            return best;
        }
    }
}
