using PolyArb.Simulator.Hosting;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>Whatever the venue writes back, no secret leaves the doctor.</summary>
public sealed class DoctorSecretsTests : IAsyncLifetime
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
    public async Task None_is_shown_where_all_is_well()
    {
        using var person = Operator.At(_exchange);
        var secrets = await Credentials(person);

        await MustHide(person, [.. secrets, Operator.Key]);
    }

    /// <summary>Each question alone: a refusal keeps the doctor from asking what depends on it.</summary>
    [Theory]
    [InlineData("GET /auth/api-keys", true)]
    [InlineData("GET /auth/api-keys", false)]
    [InlineData("GET /auth/ban-status", true)]
    [InlineData("GET /balance-allowance", true)]
    [InlineData("GET /balance-allowance", false)]
    [InlineData("POST /order", true)]
    [InlineData("DELETE /order", true)]
    [InlineData("GET /data/order/", false)]
    public async Task None_is_shown_by_a_venue_that_repeats_every_header_it_gets(string question, bool areConfigured)
    {
        using var person = Operator.At(_exchange);
        var secrets = await Credentials(person);
        if (areConfigured) foreach (var (name, value) in new[] { "CLOB_API_KEY", "CLOB_API_SECRET", "CLOB_API_PASSPHRASE" }.Zip(secrets)) person.Environment[name] = value;
        person.Environment["CLOB_REST_URL"] = $"http://127.0.0.1:{_venue.Echoes(question).Port}";

        var said = await MustHide(person, [.. secrets, Operator.Key]);

        Assert.Contains("(not shown)", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task None_is_shown_that_was_pasted_into_an_address_or_the_wrong_variable()
    {
        using var person = Operator.At(_exchange);
        person.Environment["CLOB_REST_URL"] = $"http://operator:planted-password@127.0.0.1:{_exchange.Port}";
        await MustHide(person, "planted-password");

        person.Environment["CLOB_REST_URL"] = Operator.Key;
        await MustHide(person, Operator.Key);
    }

    private static async Task<string[]> Credentials(Operator person)
    {
        var json = (await person.Run("keys", "create", "--json")).Json;
        return [json.Text("apiKey"), json.Text("secret"), json.Text("passphrase")];
    }

    /// <summary>In both forms, in full or in part: each half of a secret is one.</summary>
    private static async Task<string> MustHide(Operator person, params string[] secrets)
    {
        var all = "";
        foreach (var form in (string[][])[["doctor", "--place", "--timeout", "3"], ["doctor", "--place", "--json", "--timeout", "3"]])
        {
            var said = await person.Run(form);
            all += said.Output + said.Error;
        }

        foreach (var secret in secrets)
        {
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret[..(secret.Length / 2)], all, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret[(secret.Length / 2)..], all, StringComparison.OrdinalIgnoreCase);
        }

        return all;
    }
}
