using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class DataDirectoryTests : IDisposable
{
    private static readonly Uri Venue = new("https://Clob.Polymarket.com");
    private static readonly Identity Live = Identity.Live(137, Venue, "0xF39F");

    private readonly TempDirectory _directory = new();

    private string Data => _directory["data"];

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_new_directory_is_for_its_owner_only_and_says_whose_it_is()
    {
        using var opened = Open(Live);

        Assert.Equal("{\"mode\":\"live\",\"chainId\":137,\"venue\":\"clob.polymarket.com:443\",\"wallet\":\"0xf39f\"}\n", File.ReadAllText(Path.Combine(Data, "identity.json")));
        Assert.Equal(["live | 137 | clob.polymarket.com:443 | 0xf39f"], Rows.Of(DataDirectory.JournalFile(Data), "SELECT mode, chain_id, venue, wallet FROM identity"));
        Assert.True(Directory.Exists(opened.Logs));
        Assert.True(File.Exists(DataDirectory.EventsFile(Data)));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
    }

    [Fact]
    public void In_paper_the_wallet_is_a_word() => Assert.Equal("paper, chain 137, clob.polymarket.com:443, wallet paper", Identity.Paper(137, Venue).ToString());

    [Fact]
    public async Task The_same_identity_opens_it_again_and_finds_its_journal()
    {
        using (var first = Open(Live))
        await using (var journal = new SqlJournal(first.Journal)) await journal.Append([Given.Error("before")], fence: 0);

        using var again = Open(Identity.Live(137, Venue, "0xf39f"));

        Assert.Equal("before", Assert.Single(new JournalReader(DataDirectory.JournalFile(Data)).Errors()).What);
    }

    [Fact]
    public void Beside_a_journal_in_PostgreSQL_it_holds_what_is_the_silos_own()
    {
        using (var beside = DataDirectory.OpenBeside(Data, Identity.Markets(137, Venue), TimeProvider.System))
        {
            Assert.True(File.Exists(beside.Events.File));
            Assert.False(File.Exists(DataDirectory.JournalFile(Data)));
            Assert.Throws<InvalidOperationException>(() => beside.Journal);
            Assert.Throws<DataDirectoryException>(() => DataDirectory.OpenBeside(Data, Live, TimeProvider.System)); // It is locked.
        }

        DataDirectory.OpenBeside(Data, Live, TimeProvider.System).Dispose(); // The key came later.
        Assert.Throws<DataDirectoryException>(() => DataDirectory.OpenBeside(Data, Live with { ChainId = 80002 }, TimeProvider.System));
    }

    [Fact]
    public void A_directory_with_a_journal_is_refused_there()
    {
        Open(Live).Dispose();

        var refusal = Assert.Throws<DataDirectoryException>(() => DataDirectory.OpenBeside(Data, Live, TimeProvider.System));

        Assert.Contains("holds a journal (polyarb.db), and storage.provider is postgres", refusal.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, long, string, string> Others => new()
    {
        { "paper", 137, "clob.polymarket.com:443", "paper" },
        { "live", 80002, "clob.polymarket.com:443", "0xf39f" },
        { "live", 137, "127.0.0.1:9000", "0xf39f" },
        { "live", 137, "clob.polymarket.com:443", "0xaaaa" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_identity_is_refused_in_one_line_that_names_both(string mode, long chain, string venue, string wallet)
    {
        var other = new Identity(mode, chain, venue, wallet);
        Open(Live).Dispose();

        var refusal = Assert.Throws<DataDirectoryException>(() => Open(other));

        Assert.Contains($"({Live})", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"({other})", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void A_journal_copied_from_elsewhere_is_recognised()
    {
        Open(Live).Dispose();
        Directory.CreateDirectory(_directory["other"]);
        File.Copy(DataDirectory.JournalFile(Data), DataDirectory.JournalFile(_directory["other"]));

        Assert.Throws<DataDirectoryException>(() => DataDirectory.Open(_directory["other"], Identity.Paper(137, Venue), TimeProvider.System));
        Assert.False(File.Exists(_directory["other/identity.json"]));
    }

    [Fact]
    public void A_second_holder_is_refused_and_told_who_the_first_is()
    {
        using (Open(Live))
        {
            var refusal = Assert.Throws<DataDirectoryException>(() => Open(Live));
            Assert.Matches($@"in use by another process \(pid {Environment.ProcessId} since \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)", refusal.Message);
        }

        Open(Live).Dispose(); // Released with its holder, though the file is still there.
        Assert.Equal("", File.ReadAllText(Path.Combine(Data, "polyarb.lock")));
    }

    [Fact]
    public void It_is_known_who_had_it_before_and_died()
    {
        using (var first = Open(Live)) Assert.Null(first.DiedBefore);
        using (var second = Open(Live)) Assert.Null(second.DiedBefore);
        File.WriteAllText(Path.Combine(Data, "polyarb.lock"), "pid 12 since 2026-07-01T12:00:00Z\n"); // What a killed holder leaves.

        using (var third = Open(Live)) Assert.Equal("pid 12 since 2026-07-01T12:00:00Z", third.DiedBefore);
        using var fourth = Open(Live);
        Assert.Null(fourth.DiedBefore);
    }

    [Fact]
    public void A_refused_directory_is_not_left_locked()
    {
        Open(Live).Dispose();
        Assert.Throws<DataDirectoryException>(() => Open(Identity.Paper(137, Venue)));

        Open(Live).Dispose();
    }

    [Fact]
    public void An_unreadable_identity_is_refused()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "identity.json"), "{");

        Assert.Throws<DataDirectoryException>(() => Open(Live));
    }

    [Fact]
    public void New_or_empty_means_nothing_is_there()
    {
        Assert.True(DataDirectory.IsNewOrEmpty(Data));
        Directory.CreateDirectory(Data);
        Assert.True(DataDirectory.IsNewOrEmpty(Data));
        File.WriteAllText(Path.Combine(Data, "x"), "");
        Assert.False(DataDirectory.IsNewOrEmpty(Data));
        Assert.False(DataDirectory.IsNewOrEmpty(Path.Combine(Data, "x")));
    }

    private DataDirectory Open(Identity identity) => DataDirectory.Open(Data, identity, TimeProvider.System);
}
