using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Domain.Risk;
using PolyArb.Polymarket.MarketFeed;
using Xunit;
using Size = PolyArb.Domain.Size;

namespace PolyArb.Tests.Domain;

/// <summary>
/// What third parties recorded, played through desks that would take any edge at all: no buffer, no threshold, no cap. The numbers are
/// explained in docs/edge.md. Skipped where the captures are absent.
/// </summary>
public class CaptureEdgeTests
{
    private const string Preflight = "edirent+Polytope-worldcup/filter_preflight_165749.jsonl";
    private const string Head = "edirent+Polytope-worldcup/worldcup_30m_head.jsonl";
    private const string Questions = "ENRICOBIGNOZZI+Polymarket/native_exact_arb_ws_frames.jsonl";
    private const string Packets = "edirent+Polytope/market_39.jsonl";

    /// <summary>Any edge at all; a refusal is forgotten at once.</summary>
    private static readonly EdgePolicy Greedy = Given.Policy with { MinEdge = Usd.Zero, RetryAfter = TimeSpan.FromMicroseconds(1) };

    /// <summary>Losses too: what a desk proposes and looks at when nothing but its guards holds it back.</summary>
    private static readonly EdgePolicy Reckless = Greedy with { MinEdge = Usd.Parse("-0.5") };

    /// <summary>A pair costs a dollar and the spread; the tightest spread is a cent.</summary>
    [Theory]
    [InlineData(Questions, 123, 123, -10_000)]
    [InlineData(Packets, 36, 31, -10_000)] // Five of its turns are in the middle of an update.
    public void Standalone_conditions_have_no_pair_to_trade(string file, int turns, int settled, int best)
    {
        var play = Play.Of(file, Standalone(file), Greedy);

        Assert.Equal((turns, settled, settled, 0), (play.Turns, play.Settled, play.Proven, play.Failed));
        Assert.Equal((0, 0), (play.Proposed, play.Phantoms));
        Assert.Equal(best, play.BestPair);
    }

    /// <summary>Eight of some fifty conditions, whose YES bids add up to 77.7 cents: nothing to buy by 22.3 cents, and fees on top. An unknown fee shuts the market whatever the edge.</summary>
    [Theory]
    [InlineData(Preflight, null, 57, null)]
    [InlineData(Preflight, 0, 57, -223_000)]
    [InlineData(Preflight, 2_000, 57, -224_367)]
    [InlineData(Head, null, 16, null)]
    [InlineData(Head, 0, 16, -223_000)]
    [InlineData(Head, 2_000, 16, -224_367)]
    public void The_recorded_event_has_no_basket_to_trade(string file, int? rate, int turns, int? best)
    {
        var play = Play.Of(file, [rate is { } assumed ? FeeCurve.WithDefaultFee(Event(), assumed) : Event()], Greedy);

        Assert.Equal((turns, turns, turns, 0), (play.Turns, play.Settled, play.Proven, play.Failed));
        Assert.Equal((0, 0), (play.Proposed, play.Phantoms));
        Assert.Equal((best, rate is null ? 0 : turns), (play.BestNo, play.LooksAtNo));
    }

    /// <summary>Every change names both tokens, and one book is kept for both: the one that still comes tells everything.</summary>
    [Fact]
    public void A_recorded_token_that_freezes_is_told_by_the_other()
    {
        var whole = Play.Of(Questions, Standalone(Questions), Reckless);
        var frozen = Play.Of(Questions, Standalone(Questions), Reckless, (condition, update) => [Only(update, condition.No)]);

        Assert.Equal((123, 123, 0, 0), (whole.Proposed, whole.Proven, whole.Phantoms, whole.Failed));
        Assert.Equal((123, 123, 0, 0), (frozen.Proposed, frozen.Proven, frozen.Phantoms, frozen.Failed));
    }

    /// <summary>One token's half of every change comes some changes late, over the other's newer one: no proof, no trade, a phantom.</summary>
    [Theory]
    [InlineData(1, 81, 55, 19, 5)]
    [InlineData(3, 86, 60, 18, 7)]
    public void A_recorded_token_that_lags_behind_the_other_is_a_phantom_and_not_traded(int behind, int settled, int proven, int failed, int phantoms)
    {
        Dictionary<ConditionId, Queue<BookUpdate>> late = [];
        var play = Play.Of(Questions, Standalone(Questions), Reckless, (condition, update) =>
        {
            if (!late.TryGetValue(condition.Id, out var queue)) late[condition.Id] = queue = [];
            queue.Enqueue(Only(update, condition.No));
            return queue.Count > behind ? [Only(update, condition.Yes), queue.Dequeue()] : [Only(update, condition.Yes)];
        });
        Assert.Equal((settled, proven, proven), (play.Settled, play.Proven, play.Proposed));
        Assert.Equal((failed, phantoms), (play.Failed, play.Phantoms));
    }

    /// <summary>Every so many-th change is lost, for both tokens.</summary>
    [Theory]
    [InlineData(2, 75, 45, 15, 4)]
    [InlineData(10, 106, 100, 11, 3)]
    public void A_recorded_stream_with_holes_is_a_phantom_and_not_traded(int every, int settled, int proven, int failed, int phantoms)
    {
        var number = 0;
        var play = Play.Of(Questions, Standalone(Questions), Reckless, (_, update) => ++number % every == 0 ? [] : [update]);
        Assert.Equal((settled, proven, proven), (play.Settled, play.Proven, play.Proposed));
        Assert.Equal((failed, phantoms), (play.Failed, play.Phantoms));
    }

    private static BookUpdate Only(BookUpdate update, TokenId token) => update with { Entries = update.Entries.ToArray().Where(entry => entry.Token == token).ToArray() };

    private static Market[] Standalone(string file) => file == Questions ? QuestionsOf() : [FeeCurve.WithDefaultFee(PacketsOf(), 0)];

    /// <summary>Gamma event 30615: 8 of its conditions, all that were recorded. Its fees are not known.</summary>
    private static Market Event()
    {
        var tokens = JsonElement.Parse(File.ReadAllText(Captures.File("edirent+Polytope-worldcup/meta/tokens.json")));
        return new Market
        {
            Id = new MarketId("30615"),
            Title = "World Cup Winner",
            NegRisk = true,
            Conditions = [.. tokens.GetProperty("markets").EnumerateArray().Select(market => new Condition
            {
                Id = new ConditionId(market.GetProperty("condition_id").GetString()!),
                Question = market.GetProperty("question").GetString()!,
                Yes = new TokenId(market.GetProperty("yes_token").GetString()!),
                No = new TokenId(market.GetProperty("no_token").GetString()!),
                Tick = Price.Parse(market.GetProperty("tick_size").GetString()!),
                MinOrderSize = Size.Parse(market.GetProperty("min_order_size").GetString()!),
                NegRisk = market.GetProperty("neg_risk").GetBoolean(),
                Fee = null,
                IsTradable = true,
            })],
        };
    }

    /// <summary>14 questions, each a market of its own.</summary>
    private static Market[] QuestionsOf()
    {
        var selection = JsonElement.Parse(File.ReadAllText(Captures.File("ENRICOBIGNOZZI+Polymarket/selection.json")));
        return [.. selection.GetProperty("markets").EnumerateArray().DistinctBy(market => market.GetProperty("condition_id").GetString()).Select(market => Given.Single(new Condition
        {
            Id = new ConditionId(market.GetProperty("condition_id").GetString()!),
            Question = "",
            Yes = new TokenId(market.GetProperty("yes_token").GetString()!),
            No = new TokenId(market.GetProperty("no_token").GetString()!),
            Tick = Price.Parse(market.GetProperty("tick_size").GetRawText()),
            MinOrderSize = Size.Parse(market.GetProperty("minimum_order_size").GetRawText()),
            NegRisk = false,
            Fee = new FeeCurve((int)(market.GetProperty("fee_schedule").GetProperty("rate").GetDecimal() * 1_000_000), 1),
            IsTradable = true,
        }))];
    }

    /// <summary>The one question of the 39 packets; its tokens are those of the first change.</summary>
    private static Market PacketsOf()
    {
        var frames = File.ReadLines(Captures.File(Packets)).Where(line => line.StartsWith('{') || line.StartsWith('[')).Select(line => JsonElement.Parse(line)).ToArray();
        var book = frames.First(frame => frame.ValueKind is JsonValueKind.Array)[0];
        var yes = book.GetProperty("asset_id").GetString()!;
        var change = frames.First(frame => frame.ValueKind is JsonValueKind.Object && frame.TryGetProperty("price_changes", out _));
        return Given.Single(Given.Condition(negRisk: false) with
        {
            Id = new ConditionId(book.GetProperty("market").GetString()!),
            Yes = new TokenId(yes),
            No = new TokenId(change.GetProperty("price_changes").EnumerateArray().Select(entry => entry.GetProperty("asset_id").GetString()!).First(token => token != yes)),
            Fee = null,
            LastTrade = null,
        });
    }

    /// <summary>A desk for each market, a turn for each frame; every proposal is refused, so that the next turn may make another.</summary>
    private sealed class Play
    {
        private readonly MarketDesk[] _desks;
        private readonly EdgeEvaluator[] _edges;
        private readonly UpdateBuffer _updates = new();
        private long _sequence;
        private Instant _now;

        private Play(Market[] markets, EdgePolicy policy)
        {
            _desks = [.. markets.Select(market => new MarketDesk(new DeskInput.Opened(market, policy)))];
            _edges = [.. _desks.Select(desk => new EdgeEvaluator(desk.Market, [.. desk.Books], Reckless))];
        }

        public int Turns { get; private set; }

        /// <summary>Turns after which no book was in the middle of an update.</summary>
        public int Settled { get; private set; }

        /// <summary>Of those, with every book proven.</summary>
        public int Proven { get; private set; }

        public int Proposed { get; private set; }

        /// <summary>Micros at the best prices before fees, whatever they are.</summary>
        public int? BestPair { get; private set; }

        /// <summary>Of all the conditions' NOs together.</summary>
        public int? BestNo { get; private set; }

        /// <summary>Settled turns in which those could be looked at.</summary>
        public int LooksAtNo { get; private set; }

        public long Phantoms => _desks.Sum(desk => desk.Phantoms.Episodes.Values.Sum());

        public long Failed => _desks.Sum(desk => desk.Proofs.Failed);

        /// <param name="skew">What becomes of a change.</param>
        public static Play Of(string file, Market[] markets, EdgePolicy policy, Func<Condition, BookUpdate, BookUpdate[]>? skew = null)
        {
            var play = new Play(markets, policy);
            foreach (var line in File.ReadLines(Captures.File(file)))
            {
                play._updates.Clear();
                if (MarketFrame.TryRead(Encoding.UTF8.GetBytes(Captures.FrameOf(line)), play._updates)) play.Apply(skew ?? ((_, update) => [update]));
            }

            return play;
        }

        private void Apply(Func<Condition, BookUpdate, BookUpdate[]> skew)
        {
            BookUpdate[] updates = [.. _updates.Updates.ToArray().Select(update => update.Copy())];
            for (var i = 0; i < _desks.Length; i++)
            {
                List<BookUpdate> own = [];
                foreach (var update in updates)
                {
                    if (_desks[i].Market.Conditions.FirstOrDefault(condition => condition.Id == update.Condition) is not { } condition) continue;
                    own.AddRange(update.Kind is BookUpdateKind.Changes ? skew(condition, update) : [update]);
                }

                if (own.Count > 0) Turn(_desks[i], _edges[i], [.. own]);
            }
        }

        private void Turn(MarketDesk desk, EdgeEvaluator edges, BookUpdate[] updates)
        {
            Turns++;
            var (said, next) = (Instant.FromMillis(updates.Max(update => update.VenueMs)), _now + TimeSpan.FromMilliseconds(1));
            _now = said > next ? said : next; // The venue's clock steps back at times, ours does not.
            if (desk.Books.Any(book => book.IsOverdue(_now, Reckless.SettleTimeout))) Refuse(desk, desk.Turn(new DeskInput.Tick(), "tick", _now));
            Refuse(desk, desk.Turn([Given.Input(++_sequence, _now, updates)], _now));

            if (edges.IsUnsettled) return;

            Settled++;
            if (desk.Books.All(book => book.Prove())) Proven++;
            BestPair = desk.Books.Where(book => book.Prove()).Select(book => (book.Book.Tops.Bid - book.Book.Tops.Ask) * 100).Append(BestPair ?? int.MinValue).Max();
            if (edges.Find(Believed.Trusted, [], Usd.Zero).SingleOrDefault(candidate => candidate.Kind is BasketKind.No) is not { } nos) return;

            LooksAtNo++;
            var edge = (int)(nos.PayoutDollars(nos.Legs.Length) * 1_000_000L - nos.Legs.Sum(leg => leg.BestNet(Side.Buy)));
            BestNo = Math.Max(BestNo ?? edge, edge);
        }

        private void Refuse(MarketDesk desk, DeskDecision? decision)
        {
            if (decision is not DeskDecision.Propose(var proposal)) return;

            Proposed++;
            Assert.All(proposal.Orders, order => Assert.True(desk.Books.Single(book => book.Condition.Id == order.Condition).Prove()));
            Assert.Null(desk.Turn(new DeskInput.Refused(proposal.Id, Refusal.OverTotalLimit), "refused", _now));
        }
    }
}
