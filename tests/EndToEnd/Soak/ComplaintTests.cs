using System.Collections.Immutable;
using PolyArb.Simulator.Faults;
using Xunit;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>Only what a fault explains is explained.</summary>
public sealed class ComplaintTests
{
    private static readonly DateTimeOffset Began = new(DateTime.Today.AddHours(12), TimeZoneInfo.Local.GetUtcOffset(DateTime.Today.AddHours(12)));

    private static readonly Complaint Cut = new(1_000_000, "WRN Socket market-1 is down: The remote party closed the WebSocket connection without completing the close handshake.. Next try in 00:00:01");

    [Fact]
    public void A_log_is_searched_for_warnings_and_worse_with_their_exceptions()
    {
        const string log = """
            exchange http://127.0.0.1:1
            12:00:01.000 INF All is well
            12:00:02.500 WRN Something is odd
            RUNNING cash 5 equity 5
            12:00:03.000 ERR A round failed
            System.IO.IOException: No room
               at PolyArb.Somewhere()
            11:00:00.000 FTL The day after
            12:00:04.000 INF Well again
            """;

        var complaints = Complaint.InLog(log, Began).ToArray();

        Assert.Equal(["WRN Something is odd", "ERR A round failed | System.IO.IOException: No room", "FTL The day after"], complaints.Select(complaint => complaint.Text));
        Assert.Equal([2_500, 3_000, (23 * 3_600_000L)], complaints.Select(complaint => complaint.At - Began.ToUnixTimeMilliseconds()));
    }

    [Theory]
    [InlineData("socket-close", -1_000, true)]
    [InlineData("socket-close", -60_000, false)] // Too long ago.
    [InlineData("socket-close", 5_000, false)] // It comes later.
    [InlineData("tick-change", -1_000, false)] // It closes nothing.
    public void A_complaint_is_explained_by_its_own_fault_shortly_before(string kind, int after, bool isExplained) =>
        Assert.Equal(isExplained, Explanation.For(Cut, new SoakFaults([(kind, Cut.At + after)])) is not null);

    [Fact]
    public void What_nobody_wrote_down_is_unexplained_whatever_goes_wrong()
    {
        var everything = new SoakFaults([.. FaultPlan.Read("soak", Plan).Faults.Select(fault => (fault.Kind.Name(), 999_000L))]);

        Assert.Null(Explanation.For(new Complaint(1_000_000, "ERR An answer of the venue could not be applied"), everything));
        Assert.NotNull(Explanation.For(Cut, everything));
    }

    [Fact]
    public void The_plan_has_every_fault_there_is_and_every_explanation_names_faults_of_it()
    {
        var planned = FaultPlan.Read("soak", Plan).Faults.Select(fault => fault.Kind.Name()).ToImmutableHashSet();

        Assert.Equal(Enum.GetValues<FaultKind>().Length, planned.Count);
        Assert.All(Explanation.Known, known => Assert.Empty(known.Faults.Except([.. planned, Explanation.BusyMachine])));
    }

    private static string Plan => Repository.Text("simulator/Faults/soak.yaml");
}
