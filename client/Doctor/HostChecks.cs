using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain.Ports;
using PolyArb.Polymarket;

namespace PolyArb.Client.Doctor;

/// <summary>Whether the venue's hosts answer here, and whether our clock is theirs.</summary>
internal static class HostChecks
{
    private static readonly TimeSpan SkewWarn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SkewFail = TimeSpan.FromSeconds(30);

    public static Task<Check> MarketStream(Patient patient) => Stream(patient, "market");

    public static Task<Check> UserStream(Patient patient) => Stream(patient, "user");

    public static async Task<Check> FindClock(Patient patient)
    {
        if (await patient.NoClob() is { } gap) return gap.NotChecked;

        return await patient.Within(async deadline =>
        {
            var clock = patient.Services.GetRequiredService<VenueClock>();
            using var http = new HttpClient { BaseAddress = patient.Venue.RestUrl };
            return await clock.Sync(http, deadline)
                ? Skew(clock.Offset)
                : Check.Fail("the venue does not tell its time", "requests would be signed with our clock: see that it is right, and try again");
        });
    }

    /// <summary>A local exchange serves everybody.</summary>
    public static async Task<Check> Region(Patient patient) => patient.Venue.RestUrl.IsLoopback
        ? Check.Pass("not asked: the venue is on this machine")
        : await patient.Within(async deadline => Region(await patient.Services.GetRequiredService<PolymarketProbe>().Geoblock(deadline)));

    public static Check Region(VenueAnswer<Geoblock> answer) => answer switch
    {
        VenueAnswer<Geoblock>.Ok({ IsBlocked: true } from) => Check.Fail(
            $"the venue does not serve {Place(from)}", "run the bot from where you may trade; do not go round the block: it costs the account"),
        VenueAnswer<Geoblock>.Ok(var from) => Check.Pass($"{Place(from)} is served"),
        VenueAnswer<Geoblock>.Unavailable unanswered => Check.Warn(
            $"nobody said whether this region is served: {unanswered.Why}", "open https://polymarket.com/api/geoblock from this machine"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The default version of the order book; a market can have another (protocol sheet 0.2).</summary>
    public static async Task<Check> Version(Patient patient)
    {
        if (await patient.NoClob() is { } gap) return gap.NotChecked;

        return await patient.Within(async deadline => await patient.Services.GetRequiredService<PolymarketProbe>().Version(deadline) switch
        {
            VenueAnswer<int>.Ok(var version) when version is 2 or 3 => Check.Pass($"orders of version {version} are wanted: this program signs 2 and 3"),
            VenueAnswer<int>.Ok(var version) => Check.Fail($"orders of version {version} are wanted: this program signs 2 and 3", "look for a newer version of this program"),
            VenueAnswer<int>.Unavailable unanswered => Check.Fail(unanswered.Why, "try again"),
            _ => throw new System.Diagnostics.UnreachableException(),
        });
    }

    /// <param name="offset">The venue's time minus ours.</param>
    public static Check Skew(TimeSpan offset)
    {
        var seconds = offset.Duration().TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        const string remedy = "let the system keep the time: timedatectl set-ntp true";
        return offset.Duration() switch
        {
            var skew when skew > SkewFail => Check.Fail(Differs(), remedy),
            var skew when skew > SkewWarn => Check.Warn($"{Differs()}; requests are signed with the venue's", remedy),
            _ => Check.Pass($"ours and the venue's are the same to {seconds} s"),
        };

        string Differs() => $"our clock is {seconds} s {(offset > TimeSpan.Zero ? "behind" : "ahead of")} the venue's";
    }

    private static string Place(Geoblock from) => $"{from.Country} {from.Region}".Trim() is { Length: > 0 } place ? place : "this address";

    private static Task<Check> Stream(Patient patient, string channel) => patient.Within(
        deadline => HostProbe.Connect(Patient.At(patient.Venue.WsUrl, channel), "CLOB_WS_URL", patient.Time, deadline));
}
