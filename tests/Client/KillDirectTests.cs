using PolyArb.Simulator.Hosting;
using PolyArb.Storage;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>`kill --direct` against the local exchange: no silo anywhere.</summary>
public sealed class KillDirectTests : IAsyncLifetime
{
    private ExchangeHost _exchange = null!;
    private Middleman _venue = null!;

    public async ValueTask InitializeAsync()
    {
        _exchange = await ExchangeHost.StartAsync(new ExchangeOptions { Quiet = true }, TestContext.Current.CancellationToken);
        _venue = await Middleman.Before(_exchange);
    }

    public async ValueTask DisposeAsync()
    {
        await _venue.DisposeAsync();
        await _exchange.DisposeAsync();
    }

    [Fact]
    public async Task What_rests_is_cancelled_and_the_stop_file_says_who_and_why()
    {
        using var person = await WithOrder();
        Assert.Equal(1, await Resting());

        var said = await person.Run("kill", "--direct", "--data", "d", "--reason", "smoke");

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.Contains("open orders read empty twice", said.Output, StringComparison.Ordinal);
        Assert.Equal(0, await Resting());
        var order = FileOf(person).Read()!;
        Assert.Contains("smoke", order.Reason, StringComparison.Ordinal);
        Assert.Contains(Environment.UserName, order.By, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_file_is_there_before_the_venue_is_asked_anything()
    {
        using var person = await WithOrder();
        var wasThere = new List<bool>();
        _venue.Rewrites("GET /time", answer =>
        {
            wasThere.Add(FileOf(person).IsPresent); // Its first question.
            return answer;
        });
        person.Environment["CLOB_REST_URL"] = $"http://127.0.0.1:{_venue.Port}";
        person.Environment["POLYARB_OPERATOR"] = "alice";

        var said = await person.Run("kill", "--direct", "--data", "d", "--json");

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.True(said.Json.GetProperty("done").GetBoolean());
        Assert.Equal(FileOf(person).Path, said.Json.GetProperty("stopFile").GetString());
        Assert.Equal([true], wasThere);
        Assert.StartsWith("alice@", FileOf(person).Read()!.By, StringComparison.Ordinal);
        Assert.StartsWith("GET /time", _venue.Asked.First(), StringComparison.Ordinal);
        Assert.Contains(_venue.Asked, asked => asked.StartsWith("DELETE /cancel-all", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Orders_that_stay_are_named_and_it_exits_1()
    {
        using var person = await WithOrder();
        _venue.Answers("DELETE /cancel-all", 503, """{"error":"Trading is currently disabled"}""");
        person.Environment["CLOB_REST_URL"] = $"http://127.0.0.1:{_venue.Port}";

        var said = await person.Run("kill", "--direct", "--data", "d", "--timeout", "3");

        Assert.Equal(1, said.ExitCode);
        Assert.Matches("the stop file is written; venue NOT confirmed: 0x[0-9a-f]{64}", Assert.Single(said.Error.Trim().Split('\n')));
        Assert.Equal(1, await Resting());
    }

    [Fact]
    public async Task A_venue_that_is_not_there_leaves_the_file_and_exits_1()
    {
        using var person = Operator.At(EndToEnd.Programs.FreePort());
        Directory.CreateDirectory(person.Directory["d"]);

        var said = await person.Run("kill", "--direct", "--data", "d", "--timeout", "2");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("the stop file is written", Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.True(FileOf(person).IsPresent);
    }

    [Fact]
    public async Task Without_a_key_the_file_is_all_there_is_to_do()
    {
        using var person = Operator.At(_exchange, key: null);
        Directory.CreateDirectory(person.Directory["data"]);

        var said = await person.Run("kill", "--direct");

        Assert.Equal((0, ""), (said.ExitCode, said.Error));
        Assert.Contains("nothing to cancel at the venue", said.Output, StringComparison.Ordinal);
        Assert.True(new StopFile(person.Directory["data"]).IsPresent);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_read_keeps_nobody_from_writing_the_file()
    {
        using var person = Operator.At(_exchange);
        Directory.CreateDirectory(person.Directory["d"]);
        File.WriteAllText(person.Directory["config.yaml"], "risk: { max_total_exposure: abc }");

        var said = await person.Run("kill", "--direct", "--data", "d");

        Assert.Equal(2, said.ExitCode);
        Assert.Contains("the stop file is written; the venue was NOT asked to cancel", said.Error, StringComparison.Ordinal);
        Assert.True(FileOf(person).IsPresent);
    }

    [Theory]
    [InlineData("kill", "--reason")]
    [InlineData("kill --reason x --data d", "--data needs --direct")]
    [InlineData("kill --reason x --config c", "--config needs --direct")]
    public async Task What_makes_no_sense_is_a_usage_error_of_one_line(string line, string complaint)
    {
        using var person = Operator.At(_exchange);

        var said = await person.Run(line.Split(' '));

        Assert.Equal((2, ""), (said.ExitCode, said.Output));
        Assert.Contains(complaint, Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>From a laptop, or in a container whose data is elsewhere: the venue is what matters.</summary>
    [Fact]
    public async Task Without_the_data_directory_the_venue_is_asked_all_the_same_and_it_exits_1()
    {
        using var person = await WithOrder();
        Assert.Equal(1, await Resting());

        var said = await person.Run("kill", "--direct", "--data", "absent");

        Assert.Equal(1, said.ExitCode);
        Assert.Contains("the stop file is NOT written", Assert.Single(said.Error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Contains("absent: no such directory: name the silo's with --data DIR", said.Error, StringComparison.Ordinal);
        Assert.Contains("open orders read empty twice", said.Error, StringComparison.Ordinal);
        Assert.Equal(0, await Resting());
        Assert.False(Directory.Exists(person.Directory["absent"]));
    }

    /// <summary>Somebody with a data directory and one order that rests: the one that the doctor places, whose cancel is lost.</summary>
    private async Task<Operator> WithOrder()
    {
        var person = Operator.At(_exchange);
        Directory.CreateDirectory(person.Directory["d"]);
        await using var deaf = await Middleman.Before(_exchange);
        deaf.Answers("DELETE /order", 503, """{"error":"not now"}""");
        person.Environment["CLOB_REST_URL"] = $"http://127.0.0.1:{deaf.Port}";
        await person.Run("doctor", "--place", "--timeout", "5");
        person.Environment["CLOB_REST_URL"] = $"http://127.0.0.1:{_exchange.Port}";
        return person;
    }

    private static StopFile FileOf(Operator person) => new(person.Directory["d"]);

    private async Task<int> Resting() =>
        (await Operator.Ledger(_exchange)).GetProperty("orders").EnumerateArray().Count(order => order.Text("status") == "LIVE");
}
