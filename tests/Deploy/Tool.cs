using System.Diagnostics;
using Xunit;

namespace PolyArb.Tests.Deploy;

/// <summary>Runs a program of the system to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    /// <summary>Null where the system has no such program.</summary>
    public static string? PathOf(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Where(folder => folder is not "").Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static bool IsThere(string name) => PathOf(name) is not null;

    /// <summary>./test.sh installs it on Debian; elsewhere the test is skipped.</summary>
    public static void Need(string name, string package) => Assert.SkipUnless(IsThere(name), $"needs {name}: apt-get install {package}");

    /// <returns>Exit code, and both outputs together.</returns>
    public static Task<(int ExitCode, string Output)> Run(string name, params IEnumerable<string> arguments) => RunWith([], name, arguments);

    public static async Task<(int ExitCode, string Output)> RunWith(
        IEnumerable<(string Name, string Value)> environment, string name, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Repository.Root };
        foreach (var (variable, value) in environment) start.Environment[variable] = value;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Deadline);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, await output + await error);
    }
}
