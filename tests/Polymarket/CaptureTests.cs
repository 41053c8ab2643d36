using System.Text;
using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Polymarket.Orders;
using PolyArb.Polymarket.UserFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>What third parties recorded, every file of it. Not ours to ship: skipped where it is absent.</summary>
public class CaptureTests
{
    /// <summary>Those whose every name is in the protocol sheet, and whose books and changes are all in the usual form.</summary>
    private static readonly string[] WellKnown =
        ["market_39.jsonl", "native_exact_arb_ws_frames.jsonl", "filter_preflight_165749.jsonl", "worldcup_30m_head.jsonl"];

    private readonly UnknownNames _names = new();

    [Fact]
    public void Every_recorded_frame_is_read_the_same_by_both_readers_and_all_of_it_is_known()
    {
        var readers = new FrameReaders();
        foreach (var file in Captures.Files())
        {
            var (events, plain, changes) = (0, 0, 0);
            foreach (var (line, number) in File.ReadLines(file).Select((line, index) => (line, index + 1)))
            {
                var frame = Encoding.UTF8.GetBytes(Captures.FrameOf(line));
                Assert.True(readers.Agree(frame, $"{file}:{number}"), $"{file}:{number}");
                var updates = new UpdateBuffer();
                MarketFrame.TryRead(frame, updates, WellKnown.Contains(Path.GetFileName(file)) ? _names : null);
                events += updates.Count;
                if (!updates.Updates.ToArray().Any(update => update.Kind is BookUpdateKind.Snapshot or BookUpdateKind.Changes)) continue;

                changes++;
                if (MarketFrame.TryReadPlain(frame, new UpdateBuffer())) plain++;
            }

            Assert.NotEqual(0, events);
            if (WellKnown.Contains(Path.GetFileName(file))) Assert.Equal(changes, plain); // No book and no change needs the slow way.
        }

        Assert.Empty(_names.Counts);
    }

    /// <summary>Requests after "&gt;", frames after "=". Whoever recorded them made every wallet "0x12": it is by its key that an order is ours.</summary>
    [Theory]
    [InlineData("Concurrent.txt", 0)]
    [InlineData("OrderUpdate.txt", 1)]
    [InlineData("TradeUpdate.txt", 1)]
    public void A_recorded_subscription_is_read_and_all_of_it_is_known(string file, int news)
    {
        var read = 0;
        foreach (var part in File.ReadAllText(Captures.File($"JKorf+Polymarket.Net/subscriptions_clob/{file}")).Split("\n=").Skip(1))
        {
            var frame = Encoding.UTF8.GetBytes(part.TrimStart('1', '2').Split("\n>")[0]);
            List<OrderEvent> heard = [];
            var updates = new UpdateBuffer();
            if (news == 0) Assert.True(MarketFrame.TryRead(frame, updates, _names));
            else Assert.True(UserFrame.TryRead(frame, new Account("0x34", "123"), _ => null, heard, out _, _names));
            Assert.Equal((news == 0 ? 1 : 0, news), (updates.Count, heard.Count));
            read++;
        }

        Assert.Equal(news == 0 ? 2 : 1, read);
        Assert.Empty(_names.Counts);
    }

    [Fact]
    public void The_recorded_answers_are_read()
    {
        Assert.Equal(new OrderId("0x12"), Answer("Trading/GetOrder.txt", OrderReads.Order).Id);
        Assert.Equal([new OrderId("0x12")], Answer("Trading/CancelOrder.txt", OrderReads.Cancel).Canceled);

        var order = new SignedOrder(new OrderId("0x12"), ScriptedVenue.Intent(), "");
        Assert.Equal([new OrderEvent.Placed(order.Id)], OrderAnswers.Read(Response("Trading/PlaceOrder.txt"), [order]).News);
    }

    /// <summary>Its prices are of another venue: a book that is none of ours is refused, not misread.</summary>
    [Theory]
    [InlineData("ExchangeData/GetTokenInfo.txt")]
    [InlineData("ExchangeData/GetTokenInfos.txt")]
    public void A_recorded_book_is_read_as_far_as_its_prices_are_prices(string file)
    {
        var readers = new FrameReaders();
        Assert.False(readers.Agree(Encoding.UTF8.GetBytes(Body(file))));
        Assert.True(readers.Agree(Encoding.UTF8.GetBytes(Body(file).Replace("1800.50", "0.18", StringComparison.Ordinal))));
        var book = readers.Updates[1];
        Assert.Equal((BookUpdateKind.Snapshot, 1_696_161_600_000, null), (book.Kind, book.VenueMs, book.Hash));
    }

    [Fact]
    public void A_recorded_listing_is_read_and_all_of_it_is_known()
    {
        var updates = new UpdateBuffer();
        Assert.True(MarketFrame.TryRead(File.ReadAllBytes(Captures.File("Lens-less+polymarket-edge-lab/new_market_abridged.json")), updates, _names));
        Assert.Equal(BookUpdateKind.Listed, updates[0].Kind);
        Assert.Empty(_names.Counts);
    }

    [Fact]
    public void A_recorded_book_of_rest_is_read_and_proven()
    {
        var frame = File.ReadAllBytes(Captures.File("edirent+Polytope-worldcup/meta/clob_book_uruguay_no.json"));
        var updates = new UpdateBuffer();
        Assert.True(MarketFrame.TryRead(frame, updates, _names));
        var book = new ConditionBook(
            Given.Market().Conditions[0] with { Id = updates[0].Condition, No = updates[0].Token }, new BookFormat("5", "0.001", NegRisk: true));
        book.Apply(updates[0], default);
        Assert.Equal(new ProofCounts(1, 0, 0), book.Proofs);
        Assert.Empty(_names.Counts);
    }

    private static T Answer<T>(string file, Func<JsonElement, T> read) => Assert.IsType<VenueAnswer<T>.Ok>(
        VenueReader.Read(Response(file), file, read)).Value;

    private static VenueResponse Response(string file)
    {
        using var message = new HttpResponseMessage(System.Net.HttpStatusCode.OK);
        return VenueResponse.Of(message, Encoding.UTF8.GetBytes(Body(file)));
    }

    /// <summary>Method, path and whether it is signed stand above the answer.</summary>
    private static string Body(string file) =>
        string.Join('\n', File.ReadLines(Captures.File($"JKorf+Polymarket.Net/endpoints_clob/{file}")).Skip(3));
}
