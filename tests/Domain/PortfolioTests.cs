using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Orders;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>A portfolio that begins anew goes on as the one before it would have, once the gateway has announced itself.</summary>
public class PortfolioTests
{
    private static readonly BreakerPolicy Close = Given.Breakers with { AnswersMin = 4, MaxPhantomsPerMinute = 20, UnresolvedHolds = TimeSpan.FromSeconds(3), MaxUnresolved = 2 };

    [Fact]
    public void A_new_life_with_the_memory_of_the_last_answers_as_that_one_does()
    {
        var reasons = new HashSet<string>();
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var first = new Portfolio(new PortfolioOpened(1, Given.Limits, Close));
            first.Serve(Announcement(random), Given.Noon);
            var seconds = 0.0;
            for (var step = random.Next(40); step > 0; step--) first.Serve(Call(random), Given.After(seconds += random.NextDouble()));
            if (first.State.Trip is not null) continue; // A stop comes first.

            var opened = DomainJson.Read<PortfolioOpened>(DomainJson.Write(new PortfolioOpened(1, Given.Limits, Close, first.Memory)));
            var second = new Portfolio(opened);
            Assert.Equal(new PortfolioAnswer.Consumed(Refusal.Recovering), second.Serve(new PortfolioCall.Consume(5, new ReservationId(1, 1)), Given.After(seconds)));
            var told = Announcement(random);
            foreach (var portfolio in (Portfolio[])[first, second]) portfolio.Serve(told, Given.After(seconds));
            for (var step = 0; step < 60; step++)
            {
                var (call, now) = (Call(random), Given.After(seconds += random.NextDouble()));
                var (expected, actual) = (Text(first.Serve(call, now)), Text(second.Serve(call, now)));
                Assert.True(expected == actual, $"seed {seed}, step {step}, {call}: {expected} but {actual}");
            }

            if (first.State.Trip is { } why) reasons.Add(string.Join(' ', why.Split(' ').Where(word => !word.Any(char.IsDigit))));
        }

        Assert.True(reasons.Count >= 4, string.Join("; ", reasons)); // Else the breakers' memory was never asked for.
    }

    [Fact]
    public void Calls_of_an_older_gateway_change_nothing()
    {
        var portfolio = new Portfolio(new PortfolioOpened(1, Given.Limits, Given.Breakers));
        portfolio.Serve(new PortfolioCall.Announce(Given.Announcement(Usd.Dollars(100)) with { Gateway = 5 }), Given.Noon);

        Assert.Equal(new PortfolioAnswer.Announced(false), portfolio.Serve(new PortfolioCall.Announce(Given.Announcement(Usd.Zero) with { Gateway = 4 }), Given.Noon));
        Assert.Null(portfolio.Serve(new PortfolioCall.Move(4, TradingState.Safe, 9), Given.Noon));
        Assert.Null(portfolio.Serve(new PortfolioCall.Trip(4, "no"), Given.Noon));

        Assert.Equal((5L, TradingState.Running, null, Usd.Dollars(100)), (portfolio.State.Gateway, portfolio.State.Trading, portfolio.State.Trip, portfolio.State.Cash));
    }

    private static string Text(PortfolioAnswer? answer) => answer is null ? "nothing" : DomainJson.Write(answer);

    private static PortfolioCall.Announce Announcement(Random random) => new(new Announcement(
        5, 1, TradingState.Running, IsRecovering: false, Usd.Dollars(1_000 + random.Next(100)), Usd.Zero,
        [new Position(Given.Yes(), Given.Event, Given.Condition().Id, Size.Shares(200), Usd.Dollars(80))], [], [], []));

    /// <summary>What breakers and bids hear of: reservations begin anew.</summary>
    private static PortfolioCall Call(Random random) => random.Next(4) switch
    {
        0 => new PortfolioCall.Mark(new MarketMark(
            Given.Event, Given.Noon, random.Next(2) == 0 ? null : 2, random.Next(8) == 0,
            [new TokenMark(Given.Yes(), random.Next(9) == 0 ? null : Price.Cents(30 + random.Next(40)), random.Next(30) == 0)], random.Next(3) / 2, random.Next(3))),
        _ => new PortfolioCall.Check(5, new GatewaySigns(
            random.Next(9) == 0 ? StreamState.Down : StreamState.Live, StreamState.Live, random.Next(4),
            random.Next(5) > 0 ? [] : [new Answered(Given.Event, Given.Noon, Given.Noon + TimeSpan.FromMilliseconds(random.Next(900)), 2, random.Next(3) / 2)])),
    };
}
