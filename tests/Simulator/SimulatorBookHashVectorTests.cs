using System.Text;
using System.Text.Json;
using PolyArb.Simulator.Feed;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class SimulatorBookHashVectorTests
{
    [Fact]
    public void Every_published_book_hashes_to_the_venue_s_text_and_checksum()
    {
        foreach (var entry in Vectors.Cases("orderbook-hash.json"))
        {
            var book = entry.GetProperty("inputs").GetProperty("orderbook");
            var text = Blanked(book);

            Assert.Equal(entry.GetProperty("expected").Text("hashedText"), text);
            Assert.Equal(entry.GetProperty("expected").Text("hash"), BookText.Hash(text));
        }
    }

    private static string Blanked(JsonElement book) => Encoding.UTF8.GetString(JsonText.Object(json =>
    {
        foreach (var field in book.EnumerateObject())
        {
            if (field.NameEquals("hash")) json.WriteString("hash", "");
            else field.WriteTo(json);
        }
    }));
}
