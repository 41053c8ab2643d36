using System.CommandLine;
using PolyArb.Client.Commands;

namespace PolyArb.Client.CommandLine;

/// <summary>`set` and `reload`: parameters of a silo that runs.</summary>
internal static class ParameterGroup
{
    public static IEnumerable<Command> Of(CommandScope scope) =>
    [
        Set(scope),
        scope.Remote("reload", "read the configuration again, and say what of it needs a restart", ParameterCommands.Reload),
    ];

    private static Command Set(CommandScope scope)
    {
        var wishes = new Argument<string[]>("K=V") { Description = "parameters of the configuration; all of them or none", Arity = ArgumentArity.OneOrMore };
        wishes.Validators.Add(given =>
        {
            foreach (var complaint in given.Tokens.Select(token => ParameterCommands.Complaint(token.Value)).OfType<string>()) given.AddError(complaint);
        });
        var command = new Command("set", "change parameters while it runs, until `reload` or a new value in config.yaml") { wishes };
        command.SetAction((given, cancellation) => scope.WithSilo(given, (silo, output) => ParameterCommands.Set(silo, output, given.GetValue(wishes)!), cancellation));
        return command;
    }
}
