using System.CommandLine;
using System.Globalization;
using PolyArb.Client.Commands;
using PolyArb.Client.Doctor;

namespace PolyArb.Client.CommandLine;

/// <summary>What needs no silo: the venue's credentials, the examination, backups of the journal.</summary>
internal static class OfflineGroup
{
    public static IEnumerable<Command> Of(CommandScope scope) =>
    [
        Keys(scope),
        Doctor(scope),
        OfJournal(scope, "backup", "one file with all of the journal, while a silo runs or not", (commands, asked) => commands.Backup(asked)),
        OfJournal(scope, "restore", "puts a backup in the journal's place, while no silo runs", (commands, asked) => commands.Restore(asked)),
        Version(scope),
    ];

    private static Command Keys(CommandScope scope)
    {
        var nonce = new Option<long>("--nonce") { HelpName = "N", Description = "which of the wallet's keys (default 0)" };
        nonce.CustomParser = given =>
        {
            if (long.TryParse(given.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;

            given.AddError("--nonce: must be a whole number, 0 or more");
            return 0;
        };
        return new Command("keys", "the venue's API credentials for PRIVATE_KEY; needs no silo")
        {
            Of("create", "make new ones", (keys, asked) => keys.Create(asked)),
            Of("derive", "show those made before", (keys, asked) => keys.Derive(asked)),
        };

        Command Of(string name, string description, Func<KeysCommands, KeysArguments, Task<int>> act)
        {
            var config = CommandScope.Config();
            var command = new Command(name, description) { config, nonce };
            command.SetAction((given, cancellation) => act(
                new KeysCommands(scope.Surroundings, scope.OutputOf(given), cancellation),
                new KeysArguments(given.GetValue(config), given.GetValue(nonce), scope.Timeout(given))));
            return command;
        }
    }

    private static Command Doctor(CommandScope scope)
    {
        var (config, data) = (CommandScope.Config(), CommandScope.Data());
        var place = new Option<bool>("--place") { Description = "also place one order that cannot fill, and cancel it" };
        var market = new Option<string?>("--market") { HelpName = "ID", Description = "the market or condition to look at" };
        var command = new Command("doctor", "checks configuration, hosts, account and disk; needs no silo") { config, data, place, market };
        command.SetAction((given, cancellation) => new DoctorCommand(scope.Surroundings, scope.OutputOf(given)).Run(
            new DoctorArguments(
                given.GetValue(config), given.GetValue(data), given.GetValue(market), given.GetValue(place),
                scope.Timeout(given, usual: TimeSpan.FromSeconds(10))), // A check waits no longer for an answer.
            cancellation));
        return command;
    }

    private static Command OfJournal(CommandScope scope, string name, string description, Func<BackupCommands, BackupArguments, Task<int>> act)
    {
        var file = new Argument<string>("FILE") { Description = "the backup" };
        var (config, data) = (CommandScope.Config(), CommandScope.Data());
        var command = new Command(name, description) { file, data, config };
        command.SetAction((given, _) => act(
            new BackupCommands(scope.Surroundings, scope.OutputOf(given)), new BackupArguments(given.GetValue(file)!, given.GetValue(data), given.GetValue(config))));
        return command;
    }

    private static Command Version(CommandScope scope)
    {
        var command = new Command("version", "this program's version");
        command.SetAction(given =>
        {
            var version = typeof(ClientCommandLine).Assembly.GetName().Version?.ToString(3) ?? "unknown";
            if (scope.OutputOf(given).IsJson) scope.OutputOf(given).Document(new { version });
            else scope.OutputOf(given).Line(version);
            return ExitCode.Ok;
        });
        return command;
    }
}
