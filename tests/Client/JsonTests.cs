using System.Globalization;
using System.Text.Json;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>Every command's --json against a silo with a day behind it: one document, of the shape that was there before.</summary>
public sealed class JsonTests(ClientDay day) : IClassFixture<ClientDay>
{
    /// <summary>What need not be there at the moment, or is named by data.</summary>
    private static readonly string[] Open =
        ["phantoms", "parameters", "mergeable", "convertible", "lines", "found", "edge", "markets[].found", "markets[].edge"];

    private static readonly string[] OpenInBacktest = ["phantoms", "models", "changes", "baskets", "refusals", "reasons", "warnings"];

    public static TheoryData<string> Reading => [.. JsonDocuments.Reading];

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task The_document_of_a_command_has_the_members_it_had(string line)
    {
        var said = await day.Person.Run([.. line.Split(' '), "--json"]);

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Snapshot.Matches(JsonDocuments.FileOf(line), JsonShape.Of(said.Json, line.StartsWith("backtest", StringComparison.Ordinal) ? OpenInBacktest : Open));
        Assert.Equal(said.Output.TrimEnd(), said.Output.Trim());
        Assert.DoesNotContain('\n', said.Output.TrimEnd());
    }

    /// <summary>A command that is new needs a document in <see cref="JsonDocuments"/>, and a file that no line has any more is in the way.</summary>
    [Fact]
    public void Every_command_has_a_document_that_is_kept()
    {
        Assert.All(
            HelpTests.Commands.Where(HelpTests.IsWhole),
            command => Assert.True(JsonDocuments.All.Any(line => $"{line} ".StartsWith($"{command} ", StringComparison.Ordinal)), $"no document of {command} is kept"));
        Assert.Equal(JsonDocuments.All.Select(JsonDocuments.FileOf).Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), Snapshot.Names("json"));
    }

    /// <summary>Money would lose its last digit in somebody's float.</summary>
    [Theory]
    [InlineData("status")]
    [InlineData("orders")]
    [InlineData("fills")]
    [InlineData("positions")]
    [InlineData("baskets")]
    [InlineData("pnl")]
    [InlineData("book medal")]
    public async Task No_amount_is_a_JSON_number(string line)
    {
        var said = await day.Person.Run([.. line.Split(' '), "--json"]);

        Assert.All(Numbers(said.Json), number => Assert.True(number.TryGetInt64(out _), number.GetRawText()));

        static IEnumerable<JsonElement> Numbers(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Number => [value],
            JsonValueKind.Array => value.EnumerateArray().SelectMany(Numbers),
            JsonValueKind.Object => value.EnumerateObject().Where(member => member.Name != "phantoms").SelectMany(member => Numbers(member.Value)),
            _ => [],
        };
    }

    [Fact]
    public async Task What_is_shown_to_people_without_a_terminal_has_no_colors_and_no_empty_ends()
    {
        foreach (var line in (string[])["status", "orders", "fills", "positions", "baskets", "pnl", "errors", "events", "cluster", "markets list", "book medal", "watch"])
        {
            var said = await day.Person.Run(line.Split(' '));

            Assert.Equal((0, ""), (said.ExitCode, said.Error));
            Assert.NotEqual("", said.Output.Trim());
            Assert.DoesNotContain('\u001b', said.Output);
            Assert.All(said.Output.Split('\n'), written => Assert.Equal(written.TrimEnd(), written));
        }
    }

    [Fact]
    public async Task The_equity_that_was_sampled_and_what_baskets_earned_are_the_journals()
    {
        var pnl = (await day.Person.Run("pnl", "--json")).Json;
        var baskets = (await day.Person.Run("baskets", "--json")).Json;

        Assert.Equal(
            baskets.EnumerateArray().Sum(basket => Dollars(basket, "earned")), pnl.GetProperty("markets").EnumerateArray().Sum(market => Dollars(market, "earned")));
        Assert.True(pnl.GetProperty("samples").GetArrayLength() > 0);

        static decimal Dollars(JsonElement of, string name) => decimal.Parse(of.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_books_of_both_tokens_mirror_each_other_and_are_proven()
    {
        var market = (await day.Person.Run("book", "Which country tops the medal table?", "--json", "--levels", "3")).Json;

        var book = market.GetProperty("books")[0];
        Assert.Equal(("SYNCED", true), (book.GetProperty("state").GetString(), book.GetProperty("trusted").GetBoolean()));
        var (bid, ask) = (book.GetProperty("yes").GetProperty("bids")[0], book.GetProperty("no").GetProperty("asks")[0]);
        Assert.Equal(bid.GetProperty("size").GetString(), ask.GetProperty("size").GetString());
        Assert.Equal(1m, decimal.Parse(bid.GetProperty("price").GetString()!, CultureInfo.InvariantCulture) + decimal.Parse(ask.GetProperty("price").GetString()!, CultureInfo.InvariantCulture));
    }
}
