using System.Globalization;

namespace PolyArb.Client.Doctor;

/// <summary>Whether the venue's hosts answer here, and whether our clock is theirs.</summary>
internal static class HostChecks
{
    private static readonly TimeSpan SkewWarn = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan SkewFail = TimeSpan.FromSeconds(30);

    public static Task<Check> MarketStream(Patient patient) => Stream(patient, "market");

    public static Task<Check> UserStream(Patient patient) => Stream(patient, "user");

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

    private static Task<Check> Stream(Patient patient, string channel) => patient.Within(
        deadline => HostProbe.Connect(Patient.At(patient.Venue.WsUrl, channel), "CLOB_WS_URL", patient.Time, deadline));
}
