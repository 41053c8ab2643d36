using System.Runtime.Versioning;
using PolyArb.Config;
using Xunit;

namespace PolyArb.Tests.Deploy;

[UnsupportedOSPlatform("windows")]
public sealed class InstallTests : IDisposable
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Rehearsal _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_first_installation_is_on_paper_and_paused_with_a_token_and_secrets_that_are_nobody_elses()
    {
        var (exitCode, output) = await _server.Install();

        Assert.True(exitCode == 0, output);
        Assert.Contains("nothing was started", output, StringComparison.Ordinal);
        var loaded = Assert.IsType<ConfigResult.Ok>(
            ConfigLoader.Load(_server.PathOf("/etc/polyarb/config.yaml"), new Dictionary<string, string>(), _server.PathOf("/etc/polyarb/.env")));
        Assert.True(loaded.Options.Runtime is { DryRun: true, StartPaused: true });
        Assert.Matches("^[0-9a-f]{32}$", loaded.Secrets.RevealControlToken());
        Assert.Equal([OwnersAlone, OwnersAlone], new[] { ".env", "alert.env" }.Select(name => File.GetUnixFileMode(_server.PathOf($"/etc/polyarb/{name}"))));
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(_server.PathOf("/var/lib/polyarb")) & (UnixFileMode)0b000_111_111);
        Assert.Equal("/var/lib/polyarb", Directory.ResolveLinkTarget(_server.PathOf("/etc/polyarb/data"), returnFinalTarget: false)!.FullName);
    }

    [Fact]
    public async Task Installed_again_it_keeps_configuration_and_secrets_and_the_release_before()
    {
        await _server.Install();
        var secrets = await File.ReadAllTextAsync(_server.PathOf("/etc/polyarb/.env"), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_server.PathOf("/etc/polyarb/config.yaml"), "risk: { max_hourly_loss: 1 }\n", TestContext.Current.CancellationToken);
        await File.AppendAllTextAsync(_server.PathOf("/etc/polyarb/alert.env"), "ALERT_WEBHOOK_URL=https://x\n", TestContext.Current.CancellationToken);
        var before = Current();

        var (exitCode, output) = await _server.Install();

        Assert.True(exitCode == 0, output);
        Assert.Equal(secrets, await File.ReadAllTextAsync(_server.PathOf("/etc/polyarb/.env"), TestContext.Current.CancellationToken));
        Assert.Equal("risk: { max_hourly_loss: 1 }\n", await File.ReadAllTextAsync(_server.PathOf("/etc/polyarb/config.yaml"), TestContext.Current.CancellationToken));
        Assert.EndsWith("=https://x\n", await File.ReadAllTextAsync(_server.PathOf("/etc/polyarb/alert.env"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal(Repository.Text("config.yaml"), await File.ReadAllTextAsync(_server.PathOf("/etc/polyarb/config.yaml.shipped"), TestContext.Current.CancellationToken));
        Assert.NotEqual(before, Current());
        Assert.True(File.Exists(Path.Combine(before, "silo", "polyarb-silo")));
    }

    [Fact]
    public async Task Without_the_runtime_it_names_the_package_and_touches_nothing()
    {
        var old = _server.Instead("dotnet", "#!/bin/sh\necho 'Microsoft.AspNetCore.App 9.0.1 [/usr/share]'\necho 'Microsoft.NETCore.App 10.0.1 [/usr/share]'\n");

        var (exitCode, output) = await _server.Install(old);

        Assert.Equal(1, exitCode);
        Assert.Contains("aspnetcore-runtime-10.0", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_server.Root));
    }

    [Fact]
    public async Task A_directory_that_is_no_release_is_refused_before_anything_is_installed()
    {
        File.Delete(Path.Combine(_server.Release, "client", "polyarb-client"));

        var (exitCode, output) = await _server.Install();

        Assert.Equal(1, exitCode);
        Assert.Contains("is no release: it has no client/polyarb-client", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_server.Root));
    }

    [Theory]
    [InlineData("--start")]
    [InlineData("--release")]
    public async Task A_wrong_command_line_ends_with_2(string argument) =>
        Assert.Equal(2, (await Tool.Run("bash", "deploy/install.sh", argument)).ExitCode);

    private string Current() => Directory.ResolveLinkTarget(_server.PathOf("/opt/polyarb/current"), returnFinalTarget: true)!.FullName;
}
