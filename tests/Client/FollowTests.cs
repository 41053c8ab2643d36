using System.Collections.Immutable;
using PolyArb.Client;
using PolyArb.Client.Commands;
using PolyArb.Domain.Ports;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>`events --follow`: each row once, in its order, until somebody leaves.</summary>
public sealed class FollowTests
{
    [Fact]
    public async Task What_comes_later_is_asked_for_by_the_last_number_that_was_shown_and_leaving_is_no_failure()
    {
        using var leaving = new CancellationTokenSource();
        using var written = new StringWriter();
        Queue<ImmutableArray<FollowedLine>> rows = new([[new(6, "six"), new(9, "nine")], [], [new(10, "ten")]]);
        List<HistoryQuery> asked = [];

        var exitCode = await new FollowCommand(new Output(isJson: false, written), TimeProvider.System).Run(
            async query =>
            {
                asked.Add(query);
                if (rows.Count == 1) await leaving.CancelAsync();
                return rows.Dequeue();
            },
            new HistoryQuery(2, Kind: "OrderChanged"), leaving.Token);

        Assert.Equal(0, exitCode);
        Assert.Equal("six\nnine\nten\n", written.ToString());
        var onward = new HistoryQuery(HistoryQuery.Most, After: 9, Kind: "OrderChanged");
        Assert.Equal([new HistoryQuery(2, Kind: "OrderChanged"), onward, onward], asked);
    }
}
