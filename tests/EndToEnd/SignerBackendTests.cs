using System.Runtime.InteropServices;
using Xunit;

namespace PolyArb.Tests.EndToEnd;

/// <summary>What a person hears about the library that signs. A stand-in earlier on the library path hides an installed one.</summary>
[Collection(nameof(EndToEnd))]
public sealed class SignerBackendTests : IDisposable
{
    private static readonly string[] Names = ["libsecp256k1.so.0", "libsecp256k1.so.1", "libsecp256k1.so.2", "libsecp256k1.so.6", "libsecp256k1.so"];

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-e2e-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Native_demanded_but_not_there_ends_it_with_2_and_the_name_of_the_package()
    {
        Hide([]);
        Configure("native");
        await using var silo = Programs.Silo([], _directory, ("LD_LIBRARY_PATH", _directory));

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Equal(
            "polyarb-silo: config.yaml: signer.backend = \"native\": libsecp256k1 is not installed (on Debian: apt-get install libsecp256k1-1)\n",
            ended.Error);
        Assert.False(Directory.Exists(Path.Combine(_directory, "data")));
    }

    [Fact]
    public async Task A_library_without_the_functions_we_need_is_not_used()
    {
        Hide(await File.ReadAllBytesAsync(LibraryWithoutCurves(), Cancellation));
        Configure("native");
        await using var silo = Programs.Silo([], _directory, ("LD_LIBRARY_PATH", _directory));

        var ended = await silo.End(Cancellation);

        Assert.Equal(2, ended.ExitCode);
        Assert.Contains("libsecp256k1.so.1 lacks secp256k1_context_create", Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Auto_falls_back_and_says_once_why()
    {
        Hide([]);
        Configure("auto");
        await using var silo = Programs.Silo(
            ["--data", "d"], _directory,
            ("LD_LIBRARY_PATH", _directory), ("CLOB_REST_URL", "http://127.0.0.1:1"), ("CLOB_WS_URL", "ws://127.0.0.1:1/ws/"));
        await silo.Line("silo ", Cancellation);
        await silo.Signal("TERM");

        var ended = await silo.End(Cancellation);

        Assert.EndsWith(
            "Orders are signed by BouncyCastle: libsecp256k1 is not installed (on Debian: apt-get install libsecp256k1-1)",
            Assert.Single(ended.Output.Split('\n'), line => line.Contains("Orders are signed by", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    /// <summary>Empty files are no libraries, and the search ends at the first of a name.</summary>
    private void Hide(byte[] content)
    {
        Assert.SkipUnless(RuntimeInformation.IsOSPlatform(OSPlatform.Linux), "hides the library as Linux searches for it");
        foreach (var name in Names) File.WriteAllBytes(Path.Combine(_directory, name), content);
    }

    /// <summary>Some shared library that every process here has loaded.</summary>
    private static string LibraryWithoutCurves() => File.ReadLines("/proc/self/maps")
        .Select(line => line[Math.Max(line.IndexOf('/', StringComparison.Ordinal), 0)..])
        .First(path => Path.GetFileName(path).StartsWith("libm.so", StringComparison.Ordinal));

    private void Configure(string backend) => File.WriteAllText(
        Path.Combine(_directory, "config.yaml"),
        $"signer:\n  backend: {backend}\nsilo:\n  port: {Programs.FreePort()}\n  gateway_port: {Programs.FreePort()}\nweb:\n  port: off\n");
}
