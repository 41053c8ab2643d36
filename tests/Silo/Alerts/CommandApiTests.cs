using PolyArb.Silo.Commands;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public sealed class CommandApiTests
{
    /// <summary>A gateway that cannot begin rejects calls with whatever stopped it, such as its disk's own exception.</summary>
    [Fact]
    public async Task Every_method_answers_also_when_the_gateway_cannot_begin()
    {
        await using var cluster = await ScriptedCluster.Start();
        var commands = new CommandApi(cluster.Grains, TimeProvider.System);
        cluster.Calls.Fails = method => method is "Status" or "Kill" or "List" ? new InvalidOperationException("the disk is full") : null;

        foreach (var answer in (CommandAnswer[])[await commands.Kill("ann", "it burns"), await commands.Status(), await commands.Pnl(), await commands.Markets()])
        {
            Assert.False(answer.IsDone);
            Assert.StartsWith("no answer (the disk is full): what was asked may or may not have been done; `polyarb-client kill --direct`", answer.Text, StringComparison.Ordinal);
        }
    }
}
