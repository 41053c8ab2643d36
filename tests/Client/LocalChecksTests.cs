using PolyArb.Client.Doctor;
using PolyArb.Config;
using PolyArb.Storage;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>What the doctor sees without the venue.</summary>
public sealed class LocalChecksTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(5_000_000_000, "Pass")]
    [InlineData(4_999_999_999, "Warn")]
    [InlineData(500_000_000, "Warn")]
    [InlineData(499_999_999, "Fail")]
    public void Space_is_short_below_5_GB_and_gone_below_500_MB(long free, string status)
    {
        var check = LocalChecks.Disk("/var/polyarb", free);

        Assert.Equal((status, status == "Pass"), (check.Status.ToString(), check.Remedy.Length == 0));
        Assert.Contains("/var/polyarb", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_not_there_yet_is_judged_by_the_one_above_it()
    {
        var check = LocalChecks.Disk(_directory["a/b/c"]);

        Assert.Contains($"free for {_directory.Root}", check.Detail, StringComparison.Ordinal);
        Assert.False(Path.Exists(_directory["a"]));
    }

    [Theory]
    [InlineData("rw-------", "Pass")]
    [InlineData("r--------", "Pass")]
    [InlineData("rw-r-----", "Warn")]
    [InlineData("rw----r--", "Warn")]
    [InlineData("rw-----w-", "Warn")]
    [InlineData("rw--w----", "Warn")]
    public void The_env_file_is_its_owner_s_alone(string mode, string status)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        File.WriteAllText(_directory[".env"], "PRIVATE_KEY=");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_directory[".env"], ModeOf(mode));

        var check = LocalChecks.EnvFile(_directory[".env"]);

        Assert.Equal((status, status == "Pass" ? "" : $"chmod 600 {_directory[".env"]}"), (check.Status.ToString(), check.Remedy));
    }

    [Fact]
    public void Without_an_env_file_there_is_nothing_to_read() =>
        Assert.Equal(CheckStatus.Pass, LocalChecks.EnvFile(_directory[".env"]).Status);

    [Fact]
    public async Task Files_that_are_not_there_yet_are_no_fault_and_are_not_made()
    {
        var check = await Database(_directory["data"]);

        Assert.Equal(CheckStatus.Pass, check.Status);
        Assert.Contains("polyarb.db is not there yet", check.Detail, StringComparison.Ordinal);
        Assert.Contains("events.db is not there yet", check.Detail, StringComparison.Ordinal);
        Assert.False(Path.Exists(_directory["data"]));
    }

    [Fact]
    public async Task A_silo_that_writes_meanwhile_is_not_disturbed()
    {
        using var data = DataDirectory.Open(_directory["data"], Identity.Paper(137, new Uri("http://venue.test")), TimeProvider.System);
        await using var journal = new SqlJournal(data.Journal);
        var fence = await journal.RaiseFence();
        await using var writer = await data.Events.OpenConnectionAsync(TestContext.Current.CancellationToken);
        using var transaction = writer.BeginTransaction();

        var check = await Database(_directory["data"]);
        await journal.Append([], fence);

        Assert.Equal(CheckStatus.Pass, check.Status);
        Assert.Equal(2, check.Detail.Split("is sound").Length - 1);
        Assert.Empty(Directory.GetFiles(_directory["data"], ".polyarb-doctor*"));
    }

    [Fact]
    public async Task A_file_of_an_older_version_is_brought_up_to_date_by_the_next_start()
    {
        using var data = DataDirectory.Open(_directory["data"], Identity.Paper(137, new Uri("http://venue.test")), TimeProvider.System);
        Rows.Change(_directory["data/polyarb.db"], "DELETE FROM SchemaVersions WHERE ScriptName LIKE '%003_%'");

        var check = await Database(_directory["data"]);

        Assert.Equal(CheckStatus.Pass, check.Status);
        Assert.Contains("(1 migrations)", check.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("polyarb.db")]
    [InlineData("events.db")]
    public async Task A_newer_file_a_damaged_one_and_one_that_is_none_each_fail_with_their_name(string name)
    {
        var file = _directory[$"data/{name}"];
        DataDirectory.Open(_directory["data"], Identity.Paper(137, new Uri("http://venue.test")), TimeProvider.System).Dispose();
        Rows.Change(file, "CREATE TABLE big (a TEXT); INSERT INTO big SELECT hex(randomblob(2000)) FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3)");

        Rows.Change(file, "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES ('PolyArb.900_future.sql', '2100-01-01')");
        var newer = await Database(_directory["data"]);
        Rows.Change(file, "DELETE FROM SchemaVersions WHERE ScriptName LIKE '%future%'; PRAGMA wal_checkpoint(TRUNCATE)");
        Corrupt(file);
        var damaged = await Database(_directory["data"]);
        File.WriteAllText(file, new string('x', 8_192));
        var none = await Database(_directory["data"]);

        foreach (var (check, word) in ((Check, string)[])[(newer, "newer version"), (damaged, "damaged"), (none, "not a database")])
        {
            Assert.Equal(CheckStatus.Fail, check.Status);
            Assert.Contains($"{name} ", check.Detail, StringComparison.Ordinal);
            Assert.Contains(word, check.Detail, StringComparison.Ordinal);
            Assert.NotEqual("", check.Remedy);
        }
    }

    [Fact]
    public async Task A_file_too_large_to_read_in_time_is_said_to_be_so()
    {
        DataDirectory.Open(_directory["data"], Identity.Paper(137, new Uri("http://venue.test")), TimeProvider.System).Dispose();

        var check = await Database(_directory["data"], TimeSpan.Zero);

        Assert.Equal(CheckStatus.Warn, check.Status);
        Assert.Contains("too large", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_fails()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux has a place where not even root may write");

        var check = await Database("/proc/self/data");

        Assert.Equal(CheckStatus.Fail, check.Status);
        Assert.Contains("cannot be written", check.Detail, StringComparison.Ordinal);
    }

    private static Task<Check> Database(string directory, TimeSpan? patience = null) => LocalChecks.Database(
        directory,
        PolyArbOptions.Defaults.Persistence,
        PolyArbOptions.Defaults.Recorder,
        patience ?? TimeSpan.FromSeconds(10),
        TestContext.Current.CancellationToken);

    /// <summary>Ones over the second half of the file; the header and the schema stay readable.</summary>
    private static void Corrupt(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Write);
        var half = stream.Length / 2 / 4_096 * 4_096;
        stream.Position = half;
        stream.Write(Enumerable.Repeat((byte)0xff, (int)(stream.Length - half)).ToArray());
    }

    private static UnixFileMode ModeOf(string text)
    {
        var mode = 0;
        foreach (var letter in text) mode = (mode << 1) | (letter == '-' ? 0 : 1);
        return (UnixFileMode)mode;
    }
}
