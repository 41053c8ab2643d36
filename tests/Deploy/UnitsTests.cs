using System.Globalization;
using System.Text.RegularExpressions;
using PolyArb.Config;
using PolyArb.Silo.CommandLine;
using Xunit;

namespace PolyArb.Tests.Deploy;

public sealed partial class UnitsTests
{
    private static readonly string[] Units = ["polyarb.service", "polyarb-backup.service", "polyarb-backup.timer", "polyarb-alert@.service"];

    [Fact]
    public async Task Systemd_understands_every_line_of_the_units_and_finds_what_they_start_where_the_installation_put_it()
    {
        Tool.Need("systemd-analyze", "systemd");
        using var server = new Rehearsal();
        Assert.Equal(0, (await server.Install()).ExitCode);
        var installed = Units.Select(unit => server.PathOf($"/etc/systemd/system/{unit}")).ToArray();
        foreach (var unit in installed) File.WriteAllText(unit, File.ReadAllText(unit).Replace("=/opt/", $"={server.Root}/opt/", StringComparison.Ordinal));

        var (exitCode, output) = await Tool.Run("systemd-analyze", ["verify", "--man=no", .. installed]);

        Assert.True(exitCode == 0 && output is "", output);
    }

    /// <summary>Of 100. What is left is the network, which it is for, and what .NET needs.</summary>
    [Theory]
    [InlineData("polyarb.service", 20)]
    [InlineData("polyarb-backup.service", 15)]
    [InlineData("polyarb-alert@.service", 20)]
    public async Task Systemd_finds_the_units_little_exposed(string unit, int threshold)
    {
        Tool.Need("systemd-analyze", "systemd");

        var (exitCode, output) = await Tool.Run(
            "systemd-analyze", "security", "--offline=true", "--no-pager", $"--threshold={threshold}", Repository.PathOf($"deploy/systemd/{unit}"));

        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public void The_silo_starts_with_a_command_line_it_has()
    {
        var arguments = Of("polyarb.service", "ExecStart").Split(' ')[1..];

        var run = Assert.IsType<SiloArguments.Run>(Assert.IsType<SiloArgumentsResult.Parsed>(SiloArguments.Parse(arguments)).Arguments);

        Assert.Equal(new SiloArguments.Run("config.yaml", "/var/lib/polyarb", IsLive: true), run);
    }

    [Fact]
    public void Systemd_waits_longer_than_the_longest_stop_may_take()
    {
        var legal = PolyArbOptions.Defaults.Parameters["control.ack_timeout_sec"].Legal; // "must be whole seconds, 1 to 25"
        var longest = int.Parse(legal.Split(' ')[^1], CultureInfo.InvariantCulture);

        Assert.True(int.Parse(Of("polyarb.service", "TimeoutStopSec"), CultureInfo.InvariantCulture) > (2 * longest) + 10);
    }

    [Theory]
    [InlineData("polyarb.service")]
    [InlineData("polyarb-backup.service")]
    public void What_runs_dotnet_may_compile_tells_when_it_fails_and_leaves_no_memory_behind(string unit)
    {
        Assert.Equal("no", Of(unit, "MemoryDenyWriteExecute"));
        Assert.Equal("polyarb-alert@%n.service", Of(unit, "OnFailure"));
        Assert.Equal("0", Of(unit, "LimitCORE"));
    }

    [Fact]
    public void A_silo_that_a_person_must_look_at_is_not_started_forever()
    {
        Assert.Equal("on-failure", Of("polyarb.service", "Restart"));
        Assert.Equal("2", Of("polyarb.service", "RestartPreventExitStatus"));
        Assert.Equal("5", Of("polyarb.service", "StartLimitBurst"));
    }

    private static string Of(string unit, string key) => Assert.Single(
        Repository.Text($"deploy/systemd/{unit}").Split('\n').Select(line => Assignment().Match(line)), line => line.Groups["key"].Value == key).Groups["value"].Value;

    [GeneratedRegex("^(?<key>[A-Za-z]+)=(?<value>.*)$")]
    private static partial Regex Assignment();
}
