using System.CommandLine;
using System.CommandLine.Parsing;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>The verbs that steer a silo.</summary>
internal static class SteeringGroup
{
    private const string NoReason = "--reason: say why, for the journal";

    public static IEnumerable<Command> Of(CommandScope scope) =>
    [
        WithReason(scope, "pause", "no new baskets; what is open is finished", required: false, ControlCommands.Pause),
        WithReason(scope, "resume", "trade again, once it is written down", required: true, ControlCommands.Resume),
        WithReason(scope, "flatten", "fence, cancel everything, sell what completes no basket if configured, SAFE", required: false, ControlCommands.Flatten),
        Kill(scope),
        WithReason(scope, "stop", "fence, cancel everything, end the silo", required: false, ControlCommands.Stop),
        Reconcile(scope),
    ];

    /// <summary>Through the silo, or past it: the reason may be missing only where hands shake.</summary>
    private static Command Kill(CommandScope scope)
    {
        var config = CommandScope.Config();
        var data = new Option<string?>("--data") { HelpName = "DIR", Description = "with --direct: the silo's data directory (default ./data)" };
        var direct = new Option<bool>("--direct") { Description = "without a silo: writes its stop file, then cancels everything at the venue with the credentials of .env" };
        var reason = new Option<string?>("--reason") { HelpName = "T", Description = "why, for the journal" };
        var command = new Command("kill", "fence, cancel everything, SAFE; sells nothing") { direct, data, config, reason };
        command.Validators.Add(given =>
        {
            if (given.GetValue(direct)) return;
            if (given.GetResult(reason) is null) given.AddError("Option '--reason' is required.");
            else if (IsBlank(given, reason)) given.AddError(NoReason);
            else if (given.GetValue(data) is not null) given.AddError("--data needs --direct");
            else if (given.GetValue(config) is not null) given.AddError("--config needs --direct");
        });
        command.SetAction((given, cancellation) => given.GetValue(direct)
            ? new KillDirect(scope.Surroundings, scope.OutputOf(given), cancellation).Run(new KillDirectArguments(
                given.GetValue(data), given.GetValue(config), given.GetValue(reason) ?? "no reason given", scope.Timeout(given)))
            : scope.WithSilo(given, (silo, output) => ControlCommands.Kill(silo, output, given.GetValue(reason)!), cancellation));
        return command;
    }

    private static Command Reconcile(CommandScope scope)
    {
        var accept = new Option<bool>("--accept") { Description = "take the venue's figures where nothing explains the difference" };
        var reason = new Option<string?>("--reason") { HelpName = "T", Description = "why, for the journal; with --accept" };
        var command = new Command("reconcile", "hold orders, trades, cash and shares against the venue's") { accept, reason };
        command.Validators.Add(given =>
        {
            if (given.GetValue(accept) == string.IsNullOrWhiteSpace(given.GetValue(reason))) given.AddError("--accept and --reason go together");
        });
        command.SetAction((given, cancellation) => scope.WithSilo(given, (silo, output) => ControlCommands.Reconcile(silo, output, given.GetValue(reason)), cancellation));
        return command;
    }

    private static Command WithReason(CommandScope scope, string name, string description, bool required, Func<SiloConnection, Output, string, Task<int>> act)
    {
        var reason = new Option<string?>("--reason") { HelpName = "T", Description = "why, for the journal", Required = required };
        var command = new Command(name, description) { reason };
        command.Validators.Add(given =>
        {
            if (required && IsBlank(given, reason)) given.AddError(NoReason);
        });
        command.SetAction((given, cancellation) => scope.WithSilo(given, (silo, output) => act(silo, output, given.GetValue(reason) ?? ""), cancellation));
        return command;
    }

    private static bool IsBlank(CommandResult given, Option<string?> option) => given.GetResult(option)?.Tokens is [{ Value: var text }] && string.IsNullOrWhiteSpace(text);
}
