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
    public async Task An_update_is_put_beside_what_may_run_and_comes_into_use_when_it_is_named()
    {
        await _server.Install();
        var before = Current();
        File.WriteAllText(Path.Combine(_server.Release, "deploy", "systemd", "polyarb.service"), "# of the new release\n");

        var (exitCode, output) = await _server.Install();

        Assert.True(exitCode == 0, output);
        Assert.Equal(before, Current()); // A crash before anybody changes over starts what ran.
        Assert.Equal(Repository.Text("deploy/systemd/polyarb.service"), Installed("/etc/systemd/system/polyarb.service"));
        var beside = Assert.Single(Releases(), release => release != before);
        Assert.Contains($"\n  {beside}/deploy/install.sh --release {beside}\n", output, StringComparison.Ordinal);

        Assert.Contains("nothing was started", (await _server.ChangeOver(beside)).Output, StringComparison.Ordinal);

        Assert.Equal(beside, Current());
        Assert.Equal("# of the new release\n", Installed("/etc/systemd/system/polyarb.service"));
        Assert.Equal(new[] { before, beside }.Order(StringComparer.Ordinal), Releases());

        Assert.Equal(0, (await _server.ChangeOver(before)).ExitCode);

        Assert.Equal(before, Current());
        Assert.Equal(Repository.Text("deploy/systemd/polyarb.service"), Installed("/etc/systemd/system/polyarb.service"));
    }

    [Fact]
    public async Task An_update_keeps_configuration_and_secrets_and_shows_what_ships()
    {
        await _server.Install();
        var secrets = Installed("/etc/polyarb/.env");
        File.WriteAllText(_server.PathOf("/etc/polyarb/config.yaml"), "risk: { max_hourly_loss: 1 }\n");
        File.AppendAllText(_server.PathOf("/etc/polyarb/alert.env"), "ALERT_WEBHOOK_URL=https://x\n");
        File.AppendAllText(Path.Combine(_server.Release, "config.yaml"), "# new\n");

        await _server.Install();
        var (exitCode, output) = await _server.ChangeOver(Releases()[^1]);

        Assert.True(exitCode == 0, output);
        Assert.Equal(secrets, Installed("/etc/polyarb/.env"));
        Assert.Equal("risk: { max_hourly_loss: 1 }\n", Installed("/etc/polyarb/config.yaml"));
        Assert.EndsWith("=https://x\n", Installed("/etc/polyarb/alert.env"), StringComparison.Ordinal);
        Assert.EndsWith("# new\n", Installed("/etc/polyarb/config.yaml.shipped"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_releases_stay_and_the_one_in_use_is_never_removed()
    {
        await _server.Install();
        var oldest = Current();
        for (var update = 0; update < 6; update++) await _server.Install();
        Assert.Equal(7, Releases().Length);
        var newest = Releases()[^4..];

        Assert.Equal(0, (await _server.ChangeOver(oldest)).ExitCode);

        Assert.Equal([oldest, .. newest], Releases());
    }

    [Fact]
    public async Task A_release_with_a_key_in_it_is_refused_before_all_may_read_it()
    {
        File.WriteAllText(Path.Combine(_server.Release, "deploy", ".env"), "PRIVATE_KEY=0x\n");

        var (exitCode, output) = await _server.Install();

        Assert.Equal(1, exitCode);
        Assert.Contains("deploy/.env may hold secrets", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_server.Root));
    }

    [Fact]
    public async Task Without_curl_which_tells_that_the_silo_has_ended_it_touches_nothing()
    {
        var (exitCode, output) = await _server.Install(_server.Only("dirname", "dotnet"));

        Assert.Equal(1, exitCode);
        Assert.Contains("apt-get install curl", Assert.Single(output.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_server.Root));
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

    private string[] Releases() => [.. Directory.EnumerateDirectories(_server.PathOf("/opt/polyarb/releases")).Order(StringComparer.Ordinal)];

    private string Installed(string path) => File.ReadAllText(_server.PathOf(path));

    private string Current() => Directory.ResolveLinkTarget(_server.PathOf("/opt/polyarb/current"), returnFinalTarget: true)!.FullName;
}
