using System.Globalization;
using PolyArb.Domain.Ports;

namespace PolyArb.Silo.Hosting;

/// <summary>Is this silo fit to open something new: does it keep up with what comes in, and does it know what time it is?</summary>
/// <param name="waitingMax">Inputs of all markets together that may wait.</param>
/// <param name="clock">Null where the machine's clock is used as it is.</param>
internal sealed class SelfCheck(IMarketFeed feed, int waitingMax, SteadyTime? clock) : ISelfCheck
{
    /// <summary>A clock that is corrected bit by bit never gets as far; one that is set does.</summary>
    private static readonly TimeSpan MovedMax = TimeSpan.FromSeconds(2);

    public string? Complaint => Overload() ?? Clock();

    public TimeSpan Moved => clock?.Moved ?? TimeSpan.Zero;

    private string? Overload() => feed.Waiting is var waiting && waiting > waitingMax
        ? string.Create(CultureInfo.InvariantCulture, $"overload: {waiting} inputs waiting")
        : null;

    private string? Clock() => clock?.Moved is { } moved && moved.Duration() > MovedMax
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"the machine's clock was moved {(moved > TimeSpan.Zero ? "forward" : "back")} by {moved.Duration().TotalSeconds:F0} s, or it slept; see that it is right, and start the silo again")
        : null;
}
