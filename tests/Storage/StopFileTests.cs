using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

public sealed class StopFileTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TempDirectory _directory = new();

    private StopFile File => new(_directory.Root);

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void What_was_written_says_who_why_and_when()
    {
        Assert.False(File.IsPresent);
        Assert.Null(File.Read());

        File.Write("ann@desk", "smoke", Noon);

        Assert.True(File.IsPresent);
        var order = File.Read()!;
        Assert.Equal(("ann@desk", "smoke (stop file of 2026-01-01T12:00:00Z)"), (order.By, order.Reason));
        Assert.Equal(["polyarb.stop"], Names());
    }

    [Fact]
    public void The_last_word_replaces_the_one_before()
    {
        File.Write("ann@desk", "smoke", Noon);
        File.Write("bob@desk", "fire", Noon);

        Assert.Equal("bob@desk", File.Read()!.By);
    }

    [Theory]
    [InlineData("")]
    [InlineData("stop!")]
    [InlineData("{\"by\":")]
    public void One_that_a_person_made_with_whatever_is_in_it_stops_as_well(string text)
    {
        System.IO.File.WriteAllText(File.Path, text);

        Assert.True(File.IsPresent);
        Assert.Equal("stop file", File.Read()!.By);
    }

    [Fact]
    public void A_directory_of_that_name_stops_as_well()
    {
        Directory.CreateDirectory(File.Path);

        Assert.True(File.IsPresent);
        Assert.NotNull(File.Read());
    }

    [Fact]
    public void An_obeyed_one_is_kept_under_another_name_and_stops_nobody()
    {
        File.Write("ann@desk", "smoke", Noon);
        File.Retire();
        File.Retire(); // Twice is once.

        Assert.False(File.IsPresent);
        Assert.Equal(["polyarb.stop.obeyed"], Names());

        File.Write("bob@desk", "fire", Noon);
        File.Retire();
        Assert.Equal(["polyarb.stop.obeyed"], Names());
    }

    [Fact]
    public void Where_it_cannot_be_written_that_is_said() =>
        Assert.ThrowsAny<IOException>(() => new StopFile(_directory["absent"]).Write("ann@desk", "smoke", Noon));

    private string[] Names() => [.. Directory.EnumerateFiles(_directory.Root).Select(path => Path.GetFileName(path)!)];
}
