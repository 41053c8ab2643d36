using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PolyArb.Polymarket.Json;
using Xunit;

namespace PolyArb.Tests.Polymarket;

public class TextTableTests
{
    [Fact]
    public void Texts_that_want_the_same_place_do_not_drive_each_other_out()
    {
        var table = new TextTable(slots: 4, lengthMax: 80);
        var ids = Enumerable.Range(0, 4).Select(number => Encoding.ASCII.GetBytes($"id {number}")).ToArray();

        var first = ids.Select(id => table.Of(id)).ToArray();

        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < ids.Length; i++) Assert.Same(first[i], table.Of(ids[i]));
        }
    }

    [Fact]
    public void More_than_there_is_room_for_are_read_all_the_same()
    {
        var table = new TextTable(slots: 4, lengthMax: 80);

        for (var round = 0; round < 2; round++)
        {
            foreach (var text in Enumerable.Range(0, 50).Select(number => number.ToString(CultureInfo.InvariantCulture))) Assert.Equal(text, table.Of(Encoding.ASCII.GetBytes(text)));
        }
    }

    [Theory]
    [InlineData(1_500, 0)] // 500 questions.
    [InlineData(30_000, 600)] // 10,000 of them: some want four places that are taken.
    public void Ids_of_many_markets_are_the_same_string_each_time_they_are_read(int count, int madeMax)
    {
        var table = new TextTable(slots: 131_072, lengthMax: 80);
        var ids = Enumerable.Range(0, count).Select(number => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number))))).ToArray();
        foreach (var id in ids) table.Of(id);
        var first = ids.Select(id => table.Of(id)).ToArray();

        var made = ids.Zip(first).Count(pair => !ReferenceEquals(pair.Second, table.Of(pair.First)));

        Assert.InRange(made, 0, madeMax);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("012345678901234567890123456789012345678901234567890123456789012345678901234567890")]
    public void What_is_no_short_text_of_ASCII_is_refused(string text) =>
        Assert.Throws<FormatException>(() => new TextTable(slots: 4, lengthMax: 80).Of(Encoding.UTF8.GetBytes(text)));
}
