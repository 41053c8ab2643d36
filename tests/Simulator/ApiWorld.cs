using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Simulator.Api;
using PolyArb.Simulator.Engine;
using PolyArb.Simulator.World;

namespace PolyArb.Tests.Simulator;

/// <summary>
/// An exchange on a clock of its own whose endpoints are called without HTTP; one condition can be replaced. Every account has a thousand
/// shares of everything, the seller of <see cref="Trade"/> more.
/// </summary>
internal sealed class ApiWorld
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000);

    private int _orders;

    public ApiWorld(Func<Condition, Condition>? change = null)
    {
        var conditions = WorldBuilder.Build(1).Conditions.ToArray();
        if (change is not null) conditions[0] = change(conditions[0]);
        Exchange = new Exchange(new ExchangeWorld(conditions), 1, Clock);
        foreach (var address in PublicAccounts.Addresses)
        {
            Exchange.Users.Know("key of " + address);
            foreach (var condition in conditions) Exchange.Ledger.Split(Exchange.Ledger.Account(address), condition, 1_000 * Units.MicrosOne);
        }

        Exchange.Ledger.Split(Exchange.Ledger.Account(PublicAccounts.Addresses[1]), conditions[0], 99_000 * Units.MicrosOne);
    }

    public FakeTimeProvider Clock { get; } = new(Start);
    public Exchange Exchange { get; }
    public Condition First => Exchange.World.Conditions[0];
    public Market Market => Exchange.MarketOf(First);

    public static ApiKey Key(int account) => new("key of " + PublicAccounts.Addresses[account], "", "", PublicAccounts.Addresses[account]);

    /// <summary>A limit order of one of the public accounts in the first condition; price in 1/10,000.</summary>
    public PlaceResult Limit(int account, int token, Side side, int price, long shares, string? builder = null)
    {
        var id = "0x" + (++_orders).ToString("x64", CultureInfo.InvariantCulture);
        var (size, cash) = (shares * Units.MicrosOne, shares * price * 100);
        return Exchange.Place(new OrderRequest(
            id, Key(account).Key, Key(account).Address, First, token, side, OrderType.Gtc,
            side is Side.Buy ? cash : size, side is Side.Buy ? size : cash, 0, PostOnly: false)
        { Builder = builder });
    }

    /// <summary>Account 1 sells YES to account 0, and the trade is printed.</summary>
    public void Trade(int price, long shares)
    {
        Limit(1, 0, Side.Sell, price, shares);
        Limit(0, 0, Side.Buy, price, shares);
        Pass(TimeSpan.FromMilliseconds(30));
    }

    public void Pass(TimeSpan time)
    {
        Clock.Advance(time);
        Exchange.Agenda.RunDue();
    }

    public static IQueryCollection Query(string text) =>
        new DefaultHttpContext { Request = { QueryString = new QueryString("?" + text) } }.Request.Query;

    public static JsonElement Json(string text)
    {
        using var json = JsonDocument.Parse(text);
        return json.RootElement.Clone();
    }
}

internal static class AnswerRead
{
    public static JsonElement Json(this Answer answer)
    {
        using var json = JsonDocument.Parse(answer.Body);
        return json.RootElement.Clone();
    }

    public static string Raw(this JsonElement json, string name) => json.GetProperty(name).GetRawText();

    public static IEnumerable<string> Names(this JsonElement json) => json.EnumerateObject().Select(p => p.Name);
}
