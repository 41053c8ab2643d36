using System.Security.Cryptography;
using System.Text;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class BookEndpointsTests
{
    /// <summary>The official client blanks the hash, keeps every key where it came, and hashes that text.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_hash_is_that_of_the_whole_book_as_it_was_received(bool protocolV2)
    {
        var world = new ApiWorld(c => c with { ProtocolV2 = protocolV2 });
        world.Limit(0, 0, Side.Buy, 4_000, 10);
        world.Limit(1, 0, Side.Sell, 4_500, 10);

        var answer = new BookEndpoints(world.Exchange).Book(world.First.Tokens[1]);

        var (text, hash) = (Encoding.UTF8.GetString(answer.Body), answer.Json().Text("hash"));
        var blanked = text.Replace(hash, "", StringComparison.Ordinal);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(blanked))));
        Assert.Equal(protocolV2, text.EndsWith(",\"version\":\"v2\"}", StringComparison.Ordinal));
    }

    [Fact]
    public void A_closed_market_has_no_book_any_more_but_keeps_its_parameters()
    {
        var world = new ApiWorld();
        world.Market.IsClosed = true;
        var books = new BookEndpoints(world.Exchange);
        var token = world.First.Tokens[0];

        foreach (var gone in (Answer[])[books.Book(token), books.Midpoint(token), books.Spread(token), books.Price(token, "BUY"), books.Book("1")])
        {
            Assert.Equal((404, "No orderbook exists for the requested token id"), (gone.Status, gone.Json().Text("error")));
        }

        Assert.Equal("0.01", books.TickSize(token).Json().Raw("minimum_tick_size"));
        Assert.Equal("1000", books.FeeRate(token).Json().Raw("base_fee"));
        Assert.Equal(0, books.Books(ApiWorld.Json($$"""[{"token_id":"{{token}}"}]""")).Json().GetArrayLength());
    }

    [Fact]
    public void Both_sides_of_a_token_come_in_one_entry_and_unknown_tokens_in_none()
    {
        var world = new ApiWorld();
        world.Limit(0, 0, Side.Buy, 4_000, 10);
        world.Limit(1, 0, Side.Sell, 4_500, 10);
        var (yes, no) = (world.First.Tokens[0], world.First.Tokens[1]);
        var body = ApiWorld.Json($$"""
            [{"token_id":"{{yes}}","side":"BUY"},{"token_id":"7"},{"token_id":"{{no}}","side":"BUY"},{"token_id":"{{yes}}","side":"SELL"}]
            """);
        var books = new BookEndpoints(world.Exchange);

        Assert.Equal(
            $$$"""{"{{{yes}}}":{"BUY":"0.4","SELL":"0.45"},"{{{no}}}":{"BUY":"0.55"}}""", Encoding.UTF8.GetString(books.Prices(body).Body));
        Assert.Equal($$"""{"{{yes}}":"0.425","{{no}}":"0.575"}""", Encoding.UTF8.GetString(books.Midpoints(body).Body));
        Assert.Equal($$"""{"{{yes}}":"0.05","{{no}}":"0.05"}""", Encoding.UTF8.GetString(books.Spreads(body).Body));
    }

    [Fact]
    public void The_last_trade_of_the_other_token_is_its_mirror_and_none_is_a_half()
    {
        var world = new ApiWorld();
        world.Trade(4_000, 10);
        var (traded, other) = (world.First.Tokens, world.Exchange.World.Conditions[1].Tokens[0]);

        var answer = new BookEndpoints(world.Exchange).LastTrades(ApiWorld.Json(
            $$"""[{"token_id":"{{traded[0]}}"},{"token_id":"{{traded[1]}}"},{"token_id":"{{other}}"}]""")).Json();

        Assert.Equal(
            [(traded[0], "0.4", "BUY"), (traded[1], "0.6", "SELL"), (other, "0.5", "")],
            answer.EnumerateArray().Select(t => (t.Text("token_id"), t.Text("price"), t.Text("side"))));
    }

    [Theory]
    [InlineData("""{"token_id":"1"}""", "Invalid payload")]
    [InlineData(null, "Payload exceeds the limit")]
    public void A_list_that_is_none_or_longer_than_500_is_refused(string? body, string error)
    {
        body ??= "[" + string.Join(',', Enumerable.Repeat("""{"token_id":"1"}""", 501)) + "]";

        var answer = new BookEndpoints(new ApiWorld().Exchange).LastTrades(ApiWorld.Json(body));

        Assert.Equal((400, error), (answer.Status, answer.Json().Text("error")));
    }

    [Fact]
    public void A_side_that_is_none_is_refused()
    {
        var world = new ApiWorld();
        var books = new BookEndpoints(world.Exchange);

        Assert.Equal("Invalid side", books.Price(world.First.Tokens[0], "buy").Json().Text("error"));
        Assert.Equal(
            "Invalid side", books.Prices(ApiWorld.Json($$"""[{"token_id":"{{world.First.Tokens[0]}}","side":"LONG"}]""")).Json().Text("error"));
        Assert.Equal("Invalid token id", books.Book(null).Json().Text("error"));
    }
}
