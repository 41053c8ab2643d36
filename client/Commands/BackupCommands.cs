using PolyArb.Config;
using PolyArb.Storage;

namespace PolyArb.Client.Commands;

/// <param name="Data">Null: ./data.</param>
/// <param name="Config">Null: config.yaml when there is one; it says how the journal's file is called.</param>
internal sealed record BackupArguments(string File, string? Data, string? Config);

/// <summary>`backup FILE`, while a silo runs or not, and `restore FILE`, while none does.</summary>
internal sealed class BackupCommands(Surroundings surroundings, Output output)
{
    public Task<int> Backup(BackupArguments asked) => Told(() =>
    {
        var journal = JournalOf(asked.Config);
        var made = Storage.Backup.Take(Path.Combine(Existing(asked.Data), journal), Path.Combine(surroundings.Directory, asked.File));
        if (output.IsJson) output.Document(new { file = made.File, bytes = made.Bytes, facts = made.Facts, lastAt = made.LastAt?.Millis });
        else output.Line($"{made.File}: {made.Facts} facts, the last of {made.LastAt?.ToString() ?? "never"}, {made.Bytes} bytes, every page read");
        return Task.CompletedTask;
    });

    public Task<int> Restore(BackupArguments asked) => Told(async () =>
    {
        var restored = await Storage.Restore.Run(
            surroundings.DataDirectory(asked.Data), JournalOf(asked.Config), Path.Combine(surroundings.Directory, asked.File),
            OperatorName.Of(surroundings.Environment), surroundings.Time);
        var state = Output.Word(restored.State);
        if (output.IsJson) output.Document(new { facts = restored.Facts, state, fence = restored.Fence, replaced = restored.Replaced });
        else output.Line($"{restored.Facts} facts are in place, the next silo starts {state}; {(restored.Replaced is { } aside ? $"what was there is in {aside}" : "nothing was there before")}");
    });

    private string Existing(string? data) => surroundings.DataDirectory(data) is var directory && Directory.Exists(directory)
        ? directory
        : throw new CommandException($"{directory}: no such directory: name the silo's with --data DIR", ExitCode.Usage);

    private string JournalOf(string? config) => surroundings.Load(config) switch
    {
        ConfigResult.Invalid(var lines) => throw new CommandException(string.Join('\n', lines), ExitCode.Usage),
        ConfigResult.Ok({ Persistence.Provider: StorageProvider.Postgres }, _) =>
            throw new CommandException("the journal is in PostgreSQL: use pg_dump and pg_restore, as docs/operations.md says", ExitCode.Failed),
        ConfigResult.Ok(var options, _) => options.Persistence.DbPath,
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static async Task<int> Told(Func<Task> act)
    {
        try
        {
            await act();
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is StorageException or DataDirectoryException)
        {
            throw new CommandException(e.Message, ExitCode.Failed);
        }
    }
}
