using System.Text;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.Json;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>The scanner of plain JSON may be quick only where the whole reader would say the same.</summary>
public class FrameReadersTests
{
    private readonly FrameReaders _readers = new();

    [Fact]
    public void Every_documented_frame_is_read_and_all_of_it_is_known()
    {
        var names = new UnknownNames();
        foreach (var frame in Corpus.Market)
        {
            Assert.True(_readers.Agree(frame));
            Assert.True(MarketFrame.TryRead(frame, new UpdateBuffer(), names));
        }

        Assert.Empty(names.Counts);
    }

    [Fact]
    public void They_agree_wherever_a_letter_is_another()
    {
        foreach (var frame in Corpus.Market.Where(frame => frame.Length < 1_000))
        {
            for (var at = 0; at < frame.Length; at++)
            {
                foreach (var letter in "\"\\}]: 0\u0080"u8)
                {
                    var changed = frame.ToArray();
                    changed[at] = letter;
                    _readers.Agree(changed, $"letter {at}");
                }
            }
        }
    }

    [Fact]
    public void They_agree_wherever_a_frame_is_cut_or_a_letter_too_much()
    {
        foreach (var frame in Corpus.Market.Where(frame => frame.Length < 1_000))
        {
            for (var at = 0; at <= frame.Length; at++)
            {
                _readers.Agree(frame[..at], $"cut at {at}");
                foreach (var letter in " ,\"}"u8) _readers.Agree([.. frame[..at], letter, .. frame[at..]], $"too much at {at}");
            }
        }
    }

    /// <summary>Frames longer than the scanner's own words of 64 letters, at every length around them.</summary>
    [Fact]
    public void They_agree_at_every_length()
    {
        for (var length = 1; length < 200; length++)
            _readers.Agree(Encoding.UTF8.GetBytes($$"""{"event_type":"new_market","market":"{{new string('7', length % 80 + 1)}}","slug":"{{new string('x', length)}}"}"""));
    }

    [Theory]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[],"asks":[]}""", true)]
    [InlineData("""[ { "event_type" : "book" , "market":"M","asset_id":"A","bids":[ ],"asks":[ {"size":"1", "price":"0.5"} ], "neg_risk" : false, "hash":null } ] """, true)]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[],"asks":[],"color":"red"}""", false)] // A name to note.
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[{"price":"0.5","size":"1","side":null}],"asks":[]}""", true)]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[{"price":"0.5","size":"1","side":true}],"asks":[]}""", false)]
    [InlineData("""{"event_type":"balloon","market":"M"}""", false)]
    [InlineData("""{"event_type":"new_market","market":"M","slug":"cafe"}""", true)]
    [InlineData("""{"event_type":"new_market","market":"M","slug":"café"}""", false)]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[],"asks":[],"timestamp":1}""", false)]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"\u0041","bids":[],"asks":[]}""", false)]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[],"asks":[],}""", false)]
    [InlineData("""{"event_type":"book","market":"M","asset_id":"A","bids":[],"asks":[]}}""", false)]
    [InlineData("""[{"event_type":"book","market":"M","asset_id":"A","bids":[],"asks":[]}""", false)]
    public void The_scanner_takes_what_is_plain_and_leaves_the_rest(string frame, bool plain)
    {
        Assert.Equal(plain, MarketFrame.TryReadPlain(Encoding.UTF8.GetBytes(frame), new UpdateBuffer()));
        _readers.Agree(Encoding.UTF8.GetBytes(frame));
    }

    [Fact]
    public void An_unknown_name_is_noted_once_for_each_time_it_is_read()
    {
        var names = new UnknownNames();
        var frame = Given.Frame("""[{"event_type":"book","market":"MARKET","asset_id":"YES","bids":[{"price":"0.5","size":"1","color":"red"}],"asks":[],"mood":[1]},{"event_type":"balloon"}]""");
        var updates = new UpdateBuffer();
        Assert.True(MarketFrame.TryRead(frame, updates, names));
        Assert.Equal(1, updates.Count);
        Assert.Equal(
            [("event of the market channel: balloon", 1), ("field of a level: color", 1), ("field of the market channel: mood", 1)],
            names.Counts.OrderBy(name => name.Key, StringComparer.Ordinal).Select(name => (name.Key, name.Value)));
    }
}
