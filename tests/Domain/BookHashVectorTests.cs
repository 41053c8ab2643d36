using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Domain.Books;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>Hashes that others computed: the protocol sheet's (12.5) and the official client's.</summary>
public class BookHashVectorTests
{
    [Fact]
    public void The_published_book_hashes_as_published()
    {
        // Its asks ascend: in our order the best is last, so the text is written by hand and only the hash is compared.
        const string Text = """{"market":"0xaabbcc","asset_id":"100","timestamp":"123456789","hash":"","bids":[{"price":"0.3","size":"100"},{"price":"0.4","size":"100"}],"asks":[{"price":"0.6","size":"100"},{"price":"0.7","size":"100"}],"min_order_size":"100","tick_size":"0.01","neg_risk":false,"last_trade_price":"0.5"}""";
        Assert.Equal("0458ea5755c9f73d64a14636fa5c36ed460ec394", Sha1(Text));

        var book = new Book();
        book.Fill(Outcome.Yes, Given.Levels((30, 100), (40, 100)), Given.Levels((60, 100), (70, 100)));
        var ours = new BookText().Text(new("0xaabbcc"), new("100"), 123456789, book.Yes, new BookFormat("100", "0.01", false), "0.5");
        Assert.Equal(Text, ours.Replace(
            """[{"price":"0.7","size":"100"},{"price":"0.6","size":"100"}]""", """[{"price":"0.6","size":"100"},{"price":"0.7","size":"100"}]""",
            StringComparison.Ordinal));
    }

    [Fact]
    public void The_published_empty_book_hashes_as_published()
    {
        var ours = new BookText().Text(new("0xaabbcc"), new("100"), 0, new Book().Yes, new BookFormat("100", "0.01", false), "0.5");
        Assert.Equal("74c6a7c81c1d572f1c877b7d3e25b80c336d8a6e", Sha1(ours.Replace("\"timestamp\":\"0\"", "\"timestamp\":\"\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_sheets_example_hashes_as_computed_there()
    {
        var book = new Book();
        book.Set(Outcome.Yes, Side.Buy, new Level(Price.Cents(1), Size.Parse("510.5")));
        book.Set(Outcome.Yes, Side.Buy, Given.Level(81, 120));
        book.Set(Outcome.Yes, Side.Sell, Given.Level(99, 64));
        book.Set(Outcome.Yes, Side.Sell, new Level(Price.Cents(83), Size.Parse("45.25")));

        var hash = new BookText().Hash(
            new("0xbd31dc8a20211944f6b70f31557f1001557b59905b7738480ca09bd4532f84af"),
            new("71321045679252212594626385532706912750332728571942532289631379312455583992563"),
            1_782_753_357_000, book.Yes, new BookFormat("5", "0.01", false), "0.82");

        Assert.Equal(BookHash.Parse("9b47e90f344140578e34a6a455e396c1f7a36aff"), hash);
        Assert.Equal("9b47e90f344140578e34a6a455e396c1f7a36aff", hash.ToString());
    }

    /// <summary>Where the local exchange puts it (decision 10).</summary>
    [Fact]
    public void A_version_is_the_last_key()
    {
        var text = new BookText().Text(new("0xaabbcc"), new("100"), 1, new Book().Yes, new BookFormat("5", "0.01", false, BookFormat.V2), "0.5");
        Assert.Equal((null, "v2"), (BookFormat.Of(Given.Condition()).Version, BookFormat.Of(Given.Condition() with { Protocol = ProtocolVersion.V2 }).Version));
        Assert.EndsWith("\"neg_risk\":false,\"last_trade_price\":\"0.5\",\"version\":\"v2\"}", text, StringComparison.Ordinal);
    }

    /// <summary>As far as a vector's book has our order of levels and our way to write numbers.</summary>
    [Fact]
    public void Every_canonical_book_of_the_vectors_has_its_text_and_hash()
    {
        var canonical = 0;
        foreach (var vector in Vectors.Cases("orderbook-hash.json"))
        {
            var id = vector.GetProperty("id").GetString();
            var expected = vector.GetProperty("expected");
            Assert.True(expected.GetProperty("hash").GetString() == Sha1(expected.GetProperty("hashedText").GetString()!), id);
            if (Text(vector.GetProperty("inputs").GetProperty("orderbook")) is not { } text) continue;

            canonical++;
            Assert.True(expected.GetProperty("hashedText").GetString() == text, id);
        }

        Assert.NotEqual(0, canonical);
    }

    [Theory]
    [InlineData("")]
    [InlineData("9b47e90f344140578e34a6a455e396c1f7a36af")]
    [InlineData("9b47e90f344140578e34a6a455e396c1f7a36aff0")]
    [InlineData("zb47e90f344140578e34a6a455e396c1f7a36aff")]
    public void Anything_but_40_hex_digits_is_no_hash(string text) => Assert.Throws<FormatException>(() => BookHash.Parse(text));

    /// <summary>Null for a book that is not in the venue's form.</summary>
    private static string? Text(JsonElement json)
    {
        var (bids, asks) = (Levels(json.GetProperty("bids")), Levels(json.GetProperty("asks")));
        if (bids is not { } someBids || asks is not { } someAsks) return null;
        if (!json.TryGetProperty("neg_risk", out var negRisk) || negRisk.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return null;
        if (!long.TryParse(json.GetProperty("timestamp").GetString(), out var ms)) return null;
        if (!someBids.SequenceEqual(someBids.OrderBy(level => level.Price)) || !someAsks.SequenceEqual(someAsks.OrderByDescending(level => level.Price))) return null;

        var book = new Book();
        book.Fill(Outcome.Yes, someBids, someAsks);
        if (book.LevelCount != someBids.Length + someAsks.Length) return null;

        return new BookText().Text(
            new(json.GetProperty("market").GetString()!), new(json.GetProperty("asset_id").GetString()!), ms, book.Yes,
            new BookFormat(json.GetProperty("min_order_size").GetString()!, json.GetProperty("tick_size").GetString()!, negRisk.GetBoolean()),
            json.GetProperty("last_trade_price").GetString()!);
    }

    private static Level[]? Levels(JsonElement side)
    {
        var levels = new List<Level>();
        foreach (var level in side.EnumerateArray())
        {
            var (price, size) = (level.GetProperty("price").GetString()!, level.GetProperty("size").GetString()!);
            if (!FixedPoint.TryParse(price, 4, out var ticks) || !FixedPoint.TryParse(size, 6, out var micros)) return null;
            if (new Size(micros).ToString() != size || FixedPoint.Format(ticks, 4) != price || micros == 0) return null;

            levels.Add(new Level(new Price((int)ticks), new Size(micros)));
        }

        return [.. levels];
    }

    private static string Sha1(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
