using System.Text.Json;
using PolyArb.Simulator.Api;
using Xunit;

namespace PolyArb.Tests.Simulator;

public sealed class PagesTests
{
    [Theory]
    [InlineData(null, new[] { 1, 2 }, "Mg==")]
    [InlineData("MA==", new[] { 1, 2 }, "Mg==")]
    [InlineData("Mg==", new[] { 3, 4 }, "NA==")]
    [InlineData("NA==", new[] { 5 }, "LTE=")]
    [InlineData("LTE=", new int[0], "LTE=")]
    public void A_cursor_is_the_next_offset_in_base64_and_minus_one_ends_it(string? cursor, int[] data, string next)
    {
        var answer = Pages.Page([1, 2, 3, 4, 5], cursor, 2, (json, item) => json.WriteNumberValue(item));
        using var json = JsonDocument.Parse(answer.Body);

        Assert.Equal(data, json.RootElement.GetProperty("data").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal((2, data.Length), (json.RootElement.GetProperty("limit").GetInt32(), json.RootElement.GetProperty("count").GetInt32()));
        Assert.Equal(next, json.RootElement.Text("next_cursor"));
    }

    [Fact]
    public void A_cursor_that_is_none_is_refused() =>
        Assert.Equal(400, Pages.Page([1], "%%%", 2, (json, item) => json.WriteNumberValue(item)).Status);
}
