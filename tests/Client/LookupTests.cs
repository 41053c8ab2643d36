using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>Markets by whatever a person calls them.</summary>
public sealed class LookupTests(ClientDay day) : IClassFixture<ClientDay>
{
    private const string Title = "Will the ceasefire hold until spring?";

    [Fact]
    public async Task A_market_is_found_by_id_condition_slug_question_and_words()
    {
        var id = (await day.Person.Run("book", Title, "--json")).Json.GetProperty("market").GetString()!;

        foreach (var name in (string[])[id, id.ToUpperInvariant().Replace("0X", "0x", StringComparison.Ordinal), id[..12], "will-the-ceasefire-hold-until-spring", "CEASEFIRE spring"])
        {
            var found = await day.Person.Run("book", name, "--json");
            Assert.True(found.ExitCode == 0, $"{name}: {found.Error}");
            Assert.Equal(id, found.Json.GetProperty("market").GetString());
        }
    }

    [Fact]
    public async Task One_question_of_an_event_shows_its_book_alone()
    {
        var whole = (await day.Person.Run("book", "medal", "--json")).Json.GetProperty("books");
        var question = whole[1].GetProperty("question").GetString()!;

        var one = (await day.Person.Run("book", question, "--json")).Json.GetProperty("books");

        Assert.True(whole.GetArrayLength() > 1);
        Assert.Equal(question, Assert.Single(one.EnumerateArray()).GetProperty("question").GetString());
    }

    [Fact]
    public async Task A_miss_says_what_may_have_been_meant()
    {
        Assert.Equal(
            "polyarb-client: no market 'Will the ceasefyre hold until spring'; did you mean 'Will the ceasefire hold until spring?' or 'will-the-ceasefire-hold-until-spring'?",
            (await day.Person.Run("book", "Will the ceasefyre hold until spring")).Error.Trim());
        Assert.StartsWith("polyarb-client: 'will the' is part of several names: ", (await day.Person.Run("book", "will the")).Error, StringComparison.Ordinal);
        Assert.Equal(
            "polyarb-client: unknown market xyzzy: `polyarb-client markets list` shows them all", (await day.Person.Run("book", "xyzzy")).Error.Trim());
    }

    [Fact]
    public async Task A_part_of_a_name_is_enough_to_look_and_not_enough_to_switch()
    {
        var refused = await day.Person.Run("markets", "off", "ceasefire");

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("did you mean", refused.Error, StringComparison.Ordinal);
        Assert.Contains("nothing was switched", refused.Error, StringComparison.Ordinal);
        Assert.True(await IsOn());

        Assert.Equal(0, (await day.Person.Run("markets", "off", "will-the-ceasefire-hold-until-spring,Will the new album top the charts?")).ExitCode);
        Assert.False(await IsOn());
        Assert.Equal(0, (await day.Person.Run("markets", "on", Title)).ExitCode);
        Assert.True(await IsOn());
    }

    [Fact]
    public async Task A_long_list_can_be_had_in_part()
    {
        var all = await Rows("orders");
        var market = (await Rows("baskets"))[0].GetProperty("market").GetString()!;

        Assert.Equal(all[^1].GetRawText(), Assert.Single(await Rows("orders", "--last", "1")).GetRawText());
        Assert.Equal(all.Length, (await Rows("orders", "--last", "100000")).Length);
        Assert.Empty(await Rows("baskets", "--open")); // The day is over.
        Assert.All(await Rows("orders", "--open"), open => Assert.Contains(all, order => order.GetProperty("id").GetString() == open.GetProperty("id").GetString()));
        var others = all.Count(order => order.GetProperty("market").GetString() != market);
        Assert.InRange(others, 0, all.Length - 1);
        Assert.Equal(all.Length - others, (await Rows("orders", "--market", market)).Length);

        async Task<JsonElement[]> Rows(params string[] line) => [.. (await day.Person.Run([.. line, "--json"])).Json.EnumerateArray()];
    }

    private async Task<bool> IsOn() => (await day.Person.Run("markets", "list", "--json")).Json.EnumerateArray()
        .Single(market => market.GetProperty("title").GetString() == Title).GetProperty("enabled").GetBoolean();
}
