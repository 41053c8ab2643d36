using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Simulator.World;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The local exchange's frames, through our reader into our books: every one of them proven.</summary>
public sealed class ExchangeBooksTests
{
    private readonly Dictionary<ConditionId, ConditionBook> _books = [];
    private readonly UpdateBuffer _updates = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ProofCounts Proofs => _books.Values.Aggregate(default(ProofCounts), (sum, book) => sum + book.Proofs);

    [Fact]
    public async Task Every_book_and_change_of_protocol_v2_is_proven()
    {
        await using var host = await Host(new ExchangeOptions { Seed = 5, SpeedPercent = 1_000, Scenario = ScenarioFile.Load("protocol-v2") });
        await Follow(host, () => _books.Values.Any(book => book.Proofs.Ok < 200));

        Assert.Equal((0, 0), (Proofs.Failed, Proofs.Unknown));
        Assert.Equal(6, _books.Values.Count(book => book.Condition.Protocol is ProtocolVersion.V2));
        Assert.Equal(1, _books.Values.Count(book => book.Condition.Protocol is ProtocolVersion.V1));
    }

    /// <summary>Without the rule each of them would put an older book in the place of ours, and the next change would not fit.</summary>
    [Fact]
    public async Task A_book_that_comes_late_is_ignored_and_the_proofs_go_on()
    {
        var faults = new FaultPlan(1, [new Fault(FaultKind.LateBook, AtMs: 2_000, EveryMs: 100, Count: 0, Token: null, DurationMs: 400)]);
        await using var host = await Host(new ExchangeOptions { Seed = 6, SpeedPercent = 1_000, Faults = faults });
        await Follow(host, () => _books.Values.Sum(book => book.LateSnapshots) < 20);

        Assert.Equal((0, 0), (Proofs.Failed, Proofs.Unknown));
    }

    private async Task<ExchangeHost> Host(ExchangeOptions options)
    {
        var host = await ExchangeHost.StartAsync(options, Stop);
        foreach (var listed in host.Exchange.World.Conditions)
        {
            var condition = new PolyArb.Domain.Condition
            {
                Id = new ConditionId(listed.Id),
                Question = listed.Question,
                Yes = new TokenId(listed.Tokens[0]),
                No = new TokenId(listed.Tokens[1]),
                Tick = new Price(listed.Tick),
                MinOrderSize = new Size(listed.MinSize),
                NegRisk = listed.NegRisk,
                Protocol = listed.ProtocolV2 ? ProtocolVersion.V2 : ProtocolVersion.V1,
                Fee = FeeCurve.Free,
                IsTradable = true,
            };
            _books.Add(condition.Id, new ConditionBook(condition, BookFormat.Of(condition)));
        }

        return host;
    }

    private async Task Follow(ExchangeHost host, Func<bool> goesOn)
    {
        var tokens = _books.Values.SelectMany(book => new[] { book.Condition.Yes.Text, book.Condition.No.Text }).ToArray();
        using var feed = await FeedClient.ConnectAsync(host.Port, "market", new { assets_ids = tokens, type = "market" }, Stop);
        while (goesOn())
        {
            _updates.Clear();
            Assert.True(MarketFrame.TryRead(Encoding.UTF8.GetBytes((await feed.NextAsync(Stop))!), _updates));
            foreach (ref readonly var update in _updates.Updates) _books[update.Condition].Apply(update, default);
        }
    }
}
