using System.Text.Json;
using PolyArb.Domain;
using PolyArb.Simulator.Hosting;
using PolyArb.Tests.Simulator;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Connections that live for about a second on an exchange at full flow.</summary>
public sealed class RotationTests
{
    private const int Handovers = 5;

    [Fact]
    public async Task Connections_are_replaced_again_and_again_and_every_update_is_seen_nothing_is_stale_and_a_replay_decides_the_same()
    {
        await using var feed = await ExchangeFeed.Start(
            new ExchangeOptions { Seed = 7, SpeedPercent = 500 }, options => options with { SocketAgeMax = TimeSpan.FromSeconds(1) }, TimeProvider.System);
        var said = FrameLog.OfMarkets(feed.Exchange);
        await feed.FollowAll();
        await feed.Until(() => feed.Log.Count(line => line.Contains("has handed over to", StringComparison.Ordinal)) >= Handovers);
        feed.Exchange.Halted = true;
        await feed.Until(() => feed.Exchange.World.Conditions.All(feed.IsLevel));

        Assert.All(feed.Gaps, gap => Assert.Equal("connected", gap.Cause));
        Assert.Equal(0, feed.Under(() => feed.Proofs.Failed));
        Assert.True(feed.Proofs.Ok > 1_000, $"{feed.Proofs}");
        Assert.DoesNotContain(feed.Log, line => line.Contains("could not take over", StringComparison.Ordinal));

        var seen = feed.States.ToHashSet();
        var first = feed.States.GroupBy(state => state.Token).ToDictionary(states => states.Key, states => states.First().VenueMs);
        var missed = Said(said, feed).Where(state => state.VenueMs > first[state.Token] && !seen.Contains(state)).ToArray();
        Assert.True(missed.Length == 0, $"{missed.Length} of {seen.Count}: {string.Join(' ', missed.Take(5))}");

        var (day, digest) = feed.Under(() => (feed.Replay(), feed.Digest));
        Assert.Null(day.Divergence);
        Assert.Equal(digest, day.Digest);
    }

    /// <summary>Every state of every token that the exchange told anybody.</summary>
    private static List<(TokenId Token, long VenueMs, string Hash)> Said(FrameLog said, ExchangeFeed feed)
    {
        lock (feed.Exchange.Gate)
        {
            List<(TokenId, long, string)> states = [];
            foreach (var frame in said.Frames.Where(frame => frame.Contains("\"price_changes\"", StringComparison.Ordinal)))
            {
                using var json = JsonDocument.Parse(frame);
                var ms = long.Parse(json.RootElement.Text("timestamp"), System.Globalization.CultureInfo.InvariantCulture);
                foreach (var change in json.RootElement.GetProperty("price_changes").EnumerateArray())
                    states.Add((new TokenId(change.Text("asset_id")), ms, change.Text("hash")));
            }

            return states;
        }
    }
}
