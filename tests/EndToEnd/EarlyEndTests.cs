using Xunit;

namespace PolyArb.Tests.EndToEnd;

public class EarlyEndTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_that_is_told_to_end_while_it_starts_ends_well_whenever_that_is()
    {
        var directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;
        await File.WriteAllTextAsync(
            Path.Combine(directory, "config.yaml"), $"silo: {{port: {Programs.FreePort()}, gateway_port: {Programs.FreePort()}}}\nweb: {{port: off}}\n", Stop);
        var nowhere = $"127.0.0.1:{Programs.FreePort()}/";
        for (var millis = 0; millis < 1_500; millis += 100)
        {
            await using var silo = Programs.Silo(["--data", "d"], directory, ("CLOB_REST_URL", $"http://{nowhere}"), ("CLOB_WS_URL", $"ws://{nowhere}ws/"));
            await silo.Line(line => line.Length > 0, Stop);
            await Task.Delay(millis, Stop);
            await silo.Signal("TERM");

            var ended = await silo.End(Stop);
            Assert.True(ended.ExitCode == 0, $"{millis} ms after its first line: {ended.ExitCode}, {ended.Error}");
        }

        Directory.Delete(directory, recursive: true);
    }
}
