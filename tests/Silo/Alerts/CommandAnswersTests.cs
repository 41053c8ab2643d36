using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;
using PolyArb.Silo.Commands;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>A verb reaches the gateway as it was said, and its answer comes back as it was meant.</summary>
public class CommandAnswersTests
{
    private readonly List<string> _asked = [];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_gateway_could_not_do_is_not_said_to_be_done(bool isDone)
    {
        var commands = new CommandApi(Grains(isDone), TimeProvider.System);

        foreach (var answer in (CommandAnswer[])[
            await commands.Pause("ann", "why"), await commands.Resume("ann", "why"), await commands.Flatten("ann", "why"), await commands.Kill("ann", "why")])
        {
            Assert.Equal((isDone, "in its words (SAFE, epoch 7)"), (answer.IsDone, answer.Text));
        }

        Assert.Equal(["Pause ann why", "Resume ann why", "Flatten ann why", "Kill ann why"], _asked);
    }

    private IGrainFactory Grains(bool isDone) => ScriptedCalls.Of<IGrainFactory>((_, _) => ScriptedCalls.Of<IControl>((call, arguments) =>
    {
        _asked.Add($"{call.Name} {string.Join(' ', arguments)}");
        return Task.FromResult(new ControlAnswer(isDone, "in its words", TradingState.Safe, 7));
    }));
}
