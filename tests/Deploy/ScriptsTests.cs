using Xunit;

namespace PolyArb.Tests.Deploy;

public sealed class ScriptsTests
{
    private static readonly string[] NotOurs = [".git", "bin", "obj", "node_modules", "data", "TestResults"];

    public static TheoryData<string> Scripts => [.. Of(Repository.Root).Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void The_scripts_that_ship_are_found() => Assert.Superset(
        new HashSet<string> { "test.sh", ".ci/run", "deploy/install.sh", "deploy/publish.sh", "deploy/systemd/polyarb-client" }, Scripts.Select(row => row.Data).ToHashSet());

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task A_script_may_be_run_and_its_shell_can_read_it(string script)
    {
        var shell = File.ReadLines(Repository.PathOf(script)).First().Contains("bash", StringComparison.Ordinal) ? "bash" : "sh";

        var (exitCode, output) = await Tool.Run(shell, "-n", script);

        Assert.True(exitCode == 0, output);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Repository.PathOf(script)).HasFlag(UnixFileMode.UserExecute), $"{script} is not executable");
    }

    [Fact]
    public async Task Shellcheck_finds_nothing_in_any_script()
    {
        Tool.Need("shellcheck", "shellcheck");

        var (exitCode, output) = await Tool.Run("shellcheck", Scripts.Select(row => row.Data));

        Assert.True(exitCode == 0, output);
    }

    private static IEnumerable<string> Of(string folder) => Directory.EnumerateFiles(folder).Where(IsScript).Concat(
        Directory.EnumerateDirectories(folder).Where(inner => !NotOurs.Contains(Path.GetFileName(inner))).SelectMany(Of));

    private static bool IsScript(string file)
    {
        if (file.EndsWith(".sh", StringComparison.Ordinal)) return true;
        if (Path.HasExtension(file) && !file.EndsWith("/run", StringComparison.Ordinal)) return false;

        var line = File.ReadLines(file).FirstOrDefault() ?? "";
        return line.StartsWith("#!", StringComparison.Ordinal) && line.EndsWith("sh", StringComparison.Ordinal);
    }
}
