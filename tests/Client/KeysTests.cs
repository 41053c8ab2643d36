using PolyArb.Simulator.Hosting;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>`keys create` and `keys derive` against the local exchange.</summary>
public sealed class KeysTests : IAsyncLifetime
{
    private ExchangeHost _exchange = null!;

    public async ValueTask InitializeAsync() =>
        _exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Flow = false }, TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _exchange.DisposeAsync();

    [Fact]
    public async Task What_was_created_is_derived_again_and_each_nonce_has_its_own()
    {
        using var person = Operator.At(_exchange);

        var created = await person.Run("keys", "create", "--json");
        var derived = await person.Run("keys", "derive", "--json");
        var other = await person.Run("keys", "create", "--nonce", "7", "--json");

        Assert.Equal((0, 0, 0), (created.ExitCode, derived.ExitCode, other.ExitCode));
        Assert.Equal(["apiKey", "secret", "passphrase"], created.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(created.Output, derived.Output);
        Assert.NotEqual(created.Json.GetProperty("apiKey").GetString(), other.Json.GetProperty("apiKey").GetString());
        Assert.Equal("", created.Error + derived.Error + other.Error);
    }

    [Fact]
    public async Task People_get_lines_for_their_env_file_and_a_warning()
    {
        using var person = Operator.At(_exchange);
        var json = (await person.Run("keys", "create", "--json")).Json;

        var shown = await person.Run("keys", "derive");
        File.WriteAllText(person.Directory[".env"], shown.Output);
        person.Environment["PRIVATE_KEY"] = "";
        File.AppendAllText(person.Directory[".env"], $"PRIVATE_KEY={Operator.Key}\n");
        var again = await person.Run("keys", "derive", "--json");

        var lines = shown.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("# Secrets", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [$"CLOB_API_KEY={json.GetProperty("apiKey")}", $"CLOB_API_SECRET={json.GetProperty("secret")}", $"CLOB_API_PASSPHRASE={json.GetProperty("passphrase")}"],
            lines[1..]);
        Assert.Equal((0, json.ToString()), (again.ExitCode, again.Json.ToString()));
    }

    [Fact]
    public async Task A_refusal_is_one_line_with_the_venue_s_words_and_the_way_out()
    {
        using var person = Operator.At(_exchange);

        var none = await person.Run("keys", "derive", "--nonce", "3");
        await person.Run("keys", "create", "--nonce", "3");
        var twice = await person.Run("keys", "create", "--nonce", "3");

        Assert.Equal((1, 1, "", ""), (none.ExitCode, twice.ExitCode, none.Output, twice.Output));
        Assert.Equal((1, 1), (none.Error.Count(letter => letter == '\n'), twice.Error.Count(letter => letter == '\n')));
        Assert.Contains("Could not derive api key!", none.Error, StringComparison.Ordinal);
        Assert.Contains("keys create --nonce 3", none.Error, StringComparison.Ordinal);
        Assert.Contains("Could not create api key", twice.Error, StringComparison.Ordinal);
        Assert.Contains("keys derive --nonce 3", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_an_hour_off_signs_with_the_venue_s_time()
    {
        using var person = Operator.At(_exchange);
        person.Time = new Shifted(TimeSpan.FromHours(1));

        Assert.Equal(0, (await person.Run("keys", "create", "--json")).ExitCode);
    }

    [Theory]
    [InlineData(null, "PRIVATE_KEY is not set")]
    [InlineData("12", "PRIVATE_KEY: must be 32 bytes")]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "PRIVATE_KEY: must be 32 bytes")]
    public async Task Without_a_key_that_can_sign_it_is_a_usage_error_of_one_line(string? key, string complaint)
    {
        using var person = Operator.At(_exchange, key);

        var said = await person.Run("keys", "derive");

        Assert.Equal((2, "", 1), (said.ExitCode, said.Output, said.Error.Count(letter => letter == '\n')));
        Assert.Contains(complaint, said.Error, StringComparison.Ordinal);
        if (key is not null) Assert.DoesNotContain(key, said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_is_not_valid_is_told_line_by_line()
    {
        using var person = Operator.At(_exchange);
        File.WriteAllText(person.Directory["mine.yaml"], "risk: { max_total_exposure: abc, max_daily_loss: x }");

        var said = await person.Run("keys", "derive", "--config", "mine.yaml");

        Assert.Equal((2, ""), (said.ExitCode, said.Output));
        Assert.All(said.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("polyarb-client: ", line, StringComparison.Ordinal));
        Assert.Equal(2, said.Error.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData("keys", "create", "--nonce", "-1")]
    [InlineData("keys", "create", "--nonce", "one")]
    [InlineData("keys", "destroy")]
    public async Task What_it_does_not_understand_it_does_not_do(params string[] arguments)
    {
        using var person = Operator.At(_exchange);

        Assert.Equal(2, (await person.Run(arguments)).ExitCode);
        Assert.Equal(1, (await person.Run("keys", "derive")).ExitCode);
    }

    [Fact]
    public async Task A_venue_that_does_not_answer_and_a_page_are_each_said_in_one_line()
    {
        await using var page = await Pages.Start("<!DOCTYPE html><title>Attention Required! | Cloudflare</title>", 403);
        using var nobody = Operator.At(EndToEnd.Programs.FreePort());
        using var blocked = Operator.At(page.Port);

        var unreachable = await nobody.Run("keys", "create");
        var kept = await blocked.Run("keys", "create");

        Assert.Equal((1, 1), (unreachable.ExitCode, unreachable.Error.Count(letter => letter == '\n')));
        Assert.Contains("refused", unreachable.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal((1, 1), (kept.ExitCode, kept.Error.Count(letter => letter == '\n')));
        Assert.Contains("403", kept.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("<", kept.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("keys derive", kept.Error, StringComparison.Ordinal);
    }
}
