using System.Globalization;
using PolyArb.Config;
using PolyArb.Storage;

namespace PolyArb.Client.Doctor;

/// <summary>What can be seen without the venue: configuration, .env, disk, database.</summary>
internal static class LocalChecks
{
    private const long GigaByte = 1_000_000_000;
    private const long FreeWarn = 5 * GigaByte;
    private const long FreeFail = GigaByte / 2;

    public static Check Configuration(ConfigResult loaded, string? file) => loaded switch
    {
        ConfigResult.Invalid(var lines) => Check.Fail(string.Join('\n', lines), "change what each line names"),
        ConfigResult.Ok(var options, var secrets) => Check.Pass(
            $"{file ?? "no config.yaml, the defaults"}; {(options.Runtime.DryRun ? "dry run" : "REAL ORDERS")}, {secrets}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The file holds the key, so it is its owner's alone.</summary>
    public static Check EnvFile(string file)
    {
        if (!File.Exists(file)) return Check.Pass($"there is no {file}");
        if (OperatingSystem.IsWindows()) return Check.Warn("not checked because Windows has no file modes", $"see to it that only you can read {file}");

        return DotEnvFile.OthersMay(file) is var open && open == UnixFileMode.None
            ? Check.Pass($"only its owner can read {file}")
            : Check.Warn($"others can read or change {file}: {open}", $"chmod 600 {file}");
    }

    public static Check Disk(string directory)
    {
        var existing = Existing(directory);
        try
        {
            return Disk(existing, new DriveInfo(existing).AvailableFreeSpace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Check.Fail($"{existing}: {e.Message}", "choose a directory of this machine with --data");
        }
    }

    public static Check Disk(string directory, long free)
    {
        var detail = $"{Bytes(free)} free for {directory}";
        const string remedy = "free some space, choose another --data, or keep less: recorder.max_file_mb, recorder.retention_days";
        return free < FreeFail ? Check.Fail(detail, remedy) : free < FreeWarn ? Check.Warn(detail, remedy) : Check.Pass(detail);
    }

    /// <summary>The two files as they are, read only. Never takes the directory's lock, so a running silo does not notice.</summary>
    public static async Task<Check> Database(
        string directory, PersistenceOptions journal, RecorderOptions events, TimeSpan patience, CancellationToken stop)
    {
        if (Unwritable(Existing(directory)) is { } unwritable) return unwritable;

        using var late = new CancellationTokenSource(patience);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        var deadline = limit.Token;

        var looks = await Task.Run(
            () => (
                Journal: (File: Path.Combine(directory, journal.DbPath), Look: DatabaseLook.AtJournal(Path.Combine(directory, journal.DbPath), deadline)),
                Events: (File: Path.Combine(directory, events.DbPath), Look: DatabaseLook.AtEvents(Path.Combine(directory, events.DbPath), deadline))),
            CancellationToken.None);
        Check[] found = [Of(looks.Journal.File, looks.Journal.Look), Of(looks.Events.File, looks.Events.Look)];
        return new Check(
            "",
            found.Max(check => check.Status),
            string.Join("; ", found.Select(check => check.Detail)),
            string.Join("; ", found.Select(check => check.Remedy).Where(remedy => remedy.Length > 0).Distinct()));
    }

    /// <summary>The database of a cluster, and the directory where this silo keeps its own.</summary>
    public static async Task<Check> Database(string directory, string connection) =>
        Unwritable(Existing(directory)) ?? await Task.Run(() => PostgresDatabase.Look(connection)) switch
        {
            DatabaseLook.Sound(var bytes, 0) => Check.Pass($"PostgreSQL answers, {Bytes(bytes)}"),
            DatabaseLook.Sound(var bytes, var missing) => Check.Pass($"PostgreSQL answers, {Bytes(bytes)}; the next start brings it up to date ({missing} migrations)"),
            DatabaseLook.Broken(var why) => Check.Fail(why, "see docs/operations.md, PostgreSQL"),
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static Check Of(string file, DatabaseLook look) => look switch
    {
        DatabaseLook.Absent => Check.Pass($"{file} is not there yet"),
        DatabaseLook.Sound(var bytes, 0) => Check.Pass($"{file} is sound, {Bytes(bytes)}"),
        DatabaseLook.Sound(var bytes, var missing) => Check.Pass($"{file} is sound, {Bytes(bytes)}; the next start brings it up to date ({missing} migrations)"),
        DatabaseLook.Unfinished(var bytes) => Check.Warn(
            $"{file} is too large ({Bytes(bytes)}) to read in the time given; its schema is known", "look again with a longer --timeout"),
        DatabaseLook.Broken(var why) => Check.Fail(why, "restore a backup, or choose another --data"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static Check? Unwritable(string existing)
    {
        try
        {
            using var trial = new FileStream(
                Path.Combine(existing, $".polyarb-doctor-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Check.Fail($"{existing} cannot be written: {e.Message}", "give this user write access, or choose another --data");
        }
    }

    /// <summary>The directory, or the nearest one above it that exists: there it will be made.</summary>
    private static string Existing(string directory)
    {
        var at = Path.GetFullPath(directory);
        while (!Directory.Exists(at) && Path.GetDirectoryName(at) is { } above) at = above;
        return at;
    }

    private static string Bytes(long bytes) => bytes >= GigaByte
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)GigaByte:F1} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F1} MB");
}
