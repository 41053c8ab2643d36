using PolyArb.Domain.Risk;
using PolyArb.Grains.Interfaces;

namespace PolyArb.Silo.Commands;

/// <summary>The operator's verbs over <see cref="IControl"/> and the views.</summary>
internal sealed class CommandApi(IGrainFactory grains, TimeProvider time) : ICommandApi
{
    /// <summary>Of a read. A verb takes as long as its own deadline says.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Lines of markets in one answer.</summary>
    private const int MarketsMax = 20;

    private IControl Control => grains.GetGrain<IControl>(0);

    public Task<CommandAnswer> Status() => Answered(async () =>
    {
        var status = await Control.Status().WaitAsync(Patience, time);
        return Done(StatusText.Of(status));
    });

    public Task<CommandAnswer> Pnl() => Answered(async () =>
    {
        var status = await Control.Status().WaitAsync(Patience, time);
        return Done(StatusText.Money(status));
    });

    public Task<CommandAnswer> Markets() => Answered(async () =>
    {
        var enabled = (await grains.GetGrain<IRegistryControl>(0).List().WaitAsync(Patience, time)).Where(market => market.IsEnabled).ToArray();
        var shown = enabled.Take(MarketsMax).ToArray();
        var views = (await grains.GetGrain<IClusterView>(0).Markets().WaitAsync(Patience, time)).ToDictionary(view => view.Id);
        return Done(StatusText.Of(shown, [.. shown.Select(market => views.GetValueOrDefault(market.Id) ?? MarketView.Unfollowed(market.Id))], enabled.Length - shown.Length));
    });

    public Task<CommandAnswer> Pause(string by, string reason) => Steered(control => control.Pause(by, reason));

    public Task<CommandAnswer> Resume(string by, string reason) => Steered(control => control.Resume(by, reason));

    public Task<CommandAnswer> Flatten(string by, string reason) => Steered(control => control.Flatten(by, reason));

    public Task<CommandAnswer> Kill(string by, string reason) => Steered(control => control.Kill(by, reason));

    private Task<CommandAnswer> Steered(Func<IControl, Task<ControlAnswer>> verb) => Answered(async () =>
    {
        var answer = await verb(Control);
        return new CommandAnswer(answer.IsDone, $"{answer.Text} ({Word(answer.State)}, epoch {answer.Epoch})");
    });

    /// <summary>A silo that does not answer is one, and so is a gateway that cannot begin, whatever it throws: what was done is not known then.</summary>
    private static async Task<CommandAnswer> Answered(Func<Task<CommandAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return new CommandAnswer(false, $"no answer ({e.Message}): what was asked may or may not have been done; `polyarb-client kill --direct` needs no silo.");
        }
    }

    private static CommandAnswer Done(string text) => new(true, text);

    private static string Word(TradingState state) => state.ToString().ToUpperInvariant();
}
