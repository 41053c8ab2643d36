using System.Text;
using PolyArb.Polymarket.Json;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class UnknownNamesTests
{
    private readonly List<string> _told = [];

    [Fact]
    public void A_name_is_counted_each_time_and_told_once()
    {
        var names = new UnknownNames(_told.Add);
        names.Note("field", "color"u8);
        names.Note("field", "color"u8);
        names.Note("event", "color"u8);
        Assert.Equal(["field: color", "event: color"], _told);
        Assert.Equal((2, 1), (names.Counts["field: color"], names.Counts["event: color"]));
    }

    [Fact]
    public void A_name_is_safe_to_log()
    {
        var names = new UnknownNames(_told.Add);
        names.Note("field", Encoding.UTF8.GetBytes("a\nb\u001b[31m\u2713\u0000"));
        names.Note("field", Encoding.UTF8.GetBytes(new string('x', 100_000)));
        Assert.Equal(["field: a?b??31m????", "field: " + new string('x', UnknownNames.LengthMax)], _told);
    }

    [Fact]
    public void Their_number_is_bounded_and_none_goes_uncounted()
    {
        var names = new UnknownNames(_told.Add);
        for (var i = 0; i < 1_000; i++) names.Note("field", Encoding.UTF8.GetBytes($"n{i}"));
        Assert.Equal(UnknownNames.NamesMax + 1, _told.Count);
        Assert.Equal("field: others", _told[^1]);
        Assert.Equal(1_000, names.Counts.Values.Sum());
    }

    [Fact]
    public void Any_thread_may_note()
    {
        var told = 0;
        var names = new UnknownNames(_ => Interlocked.Increment(ref told));
        Parallel.For(0, 10_000, i => names.Note("field", Encoding.UTF8.GetBytes($"n{i % 10}")));
        Assert.Equal((10, 10_000), (told, names.Counts.Values.Sum()));
    }
}
