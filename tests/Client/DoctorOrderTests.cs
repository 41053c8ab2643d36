using PolyArb.Client;
using PolyArb.Client.Commands;
using PolyArb.Client.Doctor;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Hosting;
using PolyArb.Tests.Polymarket;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>`doctor --place` where something goes wrong with its order: it never leaves one behind without saying so.</summary>
public sealed class DoctorOrderTests : IAsyncLifetime
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
    public async Task A_refusal_is_told_in_the_venue_s_words_and_nothing_is_cancelled()
    {
        _venue.Answers("POST /order", 400, """{"error":"not enough balance / allowance"}""");

        var (status, detail, remedy) = await Order();

        Assert.Equal("FAIL", status);
        Assert.Contains("not enough balance / allowance", detail, StringComparison.Ordinal);
        Assert.NotEqual("", remedy);
        Assert.DoesNotContain(_venue.Asked, asked => asked.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("lost-answer")]
    [InlineData("error-after-accept")]
    public async Task An_answer_that_is_lost_is_found_cancelled_and_warned_about(string fault)
    {
        lock (_exchange.Exchange.Gate) _exchange.Exchange.Faults.Load(FaultPlan.Read("test", $"{{seed: 1, faults: [{{kind: {fault}, atMs: 0}}]}}"));

        var (status, detail, _) = await Order();

        Assert.Equal("WARN", status);
        Assert.Contains("found, cancelled and gone", detail, StringComparison.Ordinal);
        Assert.Equal(0, await Resting());
    }

    [Fact]
    public async Task An_order_of_which_nothing_is_heard_again_is_unknown_with_its_id_and_what_to_do()
    {
        _venue.Answers("POST /order", 500, """{"error":"could not insert order"}""");

        var (status, detail, remedy) = await Order();

        Assert.Equal("FAIL", status);
        Assert.Matches("order 0x[0-9a-f]{64} is unknown", detail);
        Assert.Contains("cancel it there", remedy, StringComparison.Ordinal);
        Assert.Contains(_venue.Asked, asked => asked.StartsWith("DELETE /order", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancel_that_is_refused_leaves_an_order_that_is_named()
    {
        _venue.Answers("DELETE /order", 503, """{"error":"Trading is currently disabled. Check polymarket.com for updates"}""");

        var (status, detail, remedy) = await Order();

        Assert.Equal("FAIL", status);
        Assert.Matches("order 0x[0-9a-f]{64} may rest", detail);
        Assert.Contains("cancel it there", remedy, StringComparison.Ordinal);
        Assert.Equal(1, await Resting());
    }

    [Fact]
    public async Task A_list_that_never_shows_it_fails_and_it_is_cancelled_all_the_same()
    {
        _venue.Answers("GET /data/orders", 200, """{"limit":100,"count":0,"next_cursor":"LTE=","data":[]}""");

        var (status, detail, _) = await Order();

        Assert.Equal("FAIL", status);
        Assert.Contains("not among the open orders", detail, StringComparison.Ordinal);
        Assert.Equal(0, await Resting());
    }

    [Fact]
    public async Task A_list_that_cannot_be_read_fails_and_it_is_cancelled_all_the_same()
    {
        _venue.Answers("GET /data/orders", 500, "");

        var (status, detail, _) = await Order();

        Assert.Equal("FAIL", status);
        Assert.Contains("could not be read", detail, StringComparison.Ordinal);
        Assert.Equal(0, await Resting());
    }

    [Fact]
    public async Task An_operator_who_loses_patience_after_the_order_was_sent_leaves_none_behind()
    {
        using var interrupted = new CancellationTokenSource();
        using var person = Operator.At(_venue.Rewrites("POST /order", answer =>
        {
            interrupted.Cancel();
            return answer;
        }).Port);
        using var said = new StringWriter();

        await new DoctorCommand(person.Surroundings, new Output(isJson: false, said))
            .Run(new DoctorArguments(null, null, null, Places: true, TimeSpan.FromSeconds(5)), interrupted.Token);

        Assert.Contains("PASS  order", said.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await Resting());
    }

    [Fact]
    public async Task An_operator_who_loses_patience_before_it_has_none_sent()
    {
        using var interrupted = new CancellationTokenSource();
        using var person = Operator.At(_venue.Rewrites("GET /clob-markets", answer =>
        {
            interrupted.Cancel();
            return answer;
        }).Port);
        using var said = new StringWriter();

        var code = await new DoctorCommand(person.Surroundings, new Output(isJson: false, said))
            .Run(new DoctorArguments(null, null, null, Places: true, TimeSpan.FromSeconds(5)), interrupted.Token);

        Assert.Matches("FAIL  order +not checked because the doctor was interrupted", said.ToString());
        Assert.Equal(1, code);
        Assert.DoesNotContain("POST /order", _venue.Asked);
    }

    /// <summary>One row per way it can go; "" is a step that went well.</summary>
    [Theory]
    // answered, seen, cancel, gone, filled, unread, status, words
    [InlineData("", "", "", "", 0, "", "Pass", "placed, seen, cancelled, gone")]
    [InlineData("", "", "", "", 5, "", "Fail", "bought 5 shares")]
    [InlineData("lost", "unseen", "no such", "", 5, "", "Fail", "bought 5 shares")]
    [InlineData("lost", "unseen", "no such", "", 0, "", "Fail", "is unknown: lost; then: unseen; the cancel: no such")]
    [InlineData("lost", "unseen", "no such", "unread", 0, "", "Fail", "is unknown: lost; then: unseen; the cancel: no such")]
    [InlineData("lost", "", "no such", "listed", 0, "", "Fail", "may rest: listed; the cancel: no such")]
    [InlineData("", "unseen", "no such", "unread", 0, "", "Fail", "may rest: unread; the cancel: no such")]
    [InlineData("", "", "", "listed", 0, "", "Fail", "says the venue, but listed")]
    [InlineData("", "", "no such", "", 0, "", "Fail", "not by our cancel: no such")]
    [InlineData("", "unseen", "", "", 0, "", "Fail", "before that unseen")]
    [InlineData("", "", "", "", 0, "silent", "Fail", "but silent")]
    [InlineData("lost", "", "", "", 0, "", "Warn", "not answered (lost), then found, cancelled and gone")]
    public void What_is_said_of_it(string answered, string seen, string canceled, string gone, int filled, string unread, string status, string words)
    {
        var order = new SignedOrder(new OrderId("0xabc"), ScriptedVenue.Intent(), "");
        OrderEvent news = answered.Length == 0 ? new OrderEvent.Placed(order.Id) : new OrderEvent.Unanswered(order.Id, answered);

        var check = OrderCheck.Judge(order, news, Null(seen), Null(canceled), Null(gone), Size.Shares(filled), Null(unread));

        Assert.Equal(status, check.Status.ToString());
        Assert.Contains(words, check.Detail, StringComparison.Ordinal);
        Assert.Equal(status == "Pass", check.Remedy.Length == 0);
        if (status != "Pass") Assert.Contains("0xabc", check.Detail, StringComparison.Ordinal);

        static string? Null(string text) => text.Length == 0 ? null : text;
    }

    private async Task<int> Resting() =>
        (await Operator.Ledger(_exchange)).GetProperty("orders").EnumerateArray().Count(order => order.Text("status") == "LIVE");

    private async Task<(string Status, string Detail, string Remedy)> Order()
    {
        using var person = Operator.At(_venue.Port);
        var said = await person.Run("doctor", "--place", "--json", "--timeout", "3");
        var check = said.Json.EnumerateArray().Single(check => check.Text("name") == "order");
        Assert.Equal(check.Text("status") == "FAIL" ? 1 : 0, said.ExitCode);
        return (check.Text("status"), check.Text("detail"), check.Text("remedy"));
    }
}
