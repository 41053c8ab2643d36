using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Deploy;

/// <summary>deploy/publish.sh in a copy of what it copies, with a compiler that does nothing.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly Rehearsal _tools = new();

    public void Dispose()
    {
        _tools.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_release_takes_nothing_along_of_a_trial_with_containers()
    {
        foreach (var file in (string[])[".env.example", "config.yaml", "docs/runbook.md", "deploy/publish.sh", "deploy/install.sh", "deploy/compose.yaml", "deploy/cluster/a/config.yaml"]) Copy(file);
        foreach (var secret in (string[])["deploy/.env", "deploy/.env.old", "deploy/config.yaml", "deploy/cluster/a/.env", "deploy/cluster/polyarb.secret"]) File.WriteAllText(_directory[secret], "PRIVATE_KEY=0x\n");

        var (exitCode, output) = await Tool.RunWith([_tools.Instead("dotnet", "#!/bin/sh\nmkdir -p \"$6\"\n")], "bash", _directory["deploy/publish.sh"], _directory["release"]);

        Assert.True(exitCode == 0, output);
        Assert.Equal(
            [".env.example", "config.yaml", "deploy/cluster/a/config.yaml", "deploy/compose.yaml", "deploy/install.sh", "deploy/publish.sh", "docs/runbook.md"],
            Directory.EnumerateFiles(_directory["release"], "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_directory["release"], file)).Order(StringComparer.Ordinal));
    }

    private void Copy(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_directory[file])!);
        File.Copy(Repository.PathOf(file), _directory[file]);
    }
}
