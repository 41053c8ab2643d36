using PolyArb.Tests.Storage;

namespace PolyArb.Tests.Deploy;

/// <summary>deploy/install.sh into an empty directory, with a release whose programs are two lines of shell.</summary>
internal sealed class Rehearsal : IDisposable
{
    private readonly TempDirectory _directory = new();

    public Rehearsal()
    {
        Write("release/silo/polyarb-silo", "#!/bin/sh\n");
        Write("release/client/polyarb-client", "#!/bin/sh\n");
        File.Copy(Repository.PathOf("config.yaml"), Path.Combine(Release, "config.yaml"));
        File.Copy(Repository.PathOf(".env.example"), Path.Combine(Release, ".env.example"));
        Directory.CreateDirectory(Path.Combine(Release, "deploy", "systemd"));
        File.Copy(Repository.PathOf("deploy/install.sh"), Path.Combine(Release, "deploy", "install.sh"));
        foreach (var file in Directory.EnumerateFiles(Repository.PathOf("deploy/systemd")))
            File.Copy(file, Path.Combine(Release, "deploy", "systemd", Path.GetFileName(file)));
    }

    public string Release => Path.Combine(_directory.Root, "release");

    public string Root => Path.Combine(_directory.Root, "root");

    public Task<(int ExitCode, string Output)> Install(params IEnumerable<(string Name, string Value)> environment) => Run(Release, environment);

    /// <summary>To a release that is installed.</summary>
    public Task<(int ExitCode, string Output)> ChangeOver(string installed) => Run(installed, []);

    /// <summary>A program that answers as it is told, found before the system's.</summary>
    public (string Name, string Value) Instead(string program, string script)
    {
        Write($"bin/{program}", script);
        return ("PATH", $"{Path.Combine(_directory.Root, "bin")}:{Environment.GetEnvironmentVariable("PATH")}");
    }

    /// <summary>Those programs of the system and no other.</summary>
    public (string Name, string Value) Only(params IEnumerable<string> programs)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory.Root, "only")).FullName;
        foreach (var program in programs) File.CreateSymbolicLink(Path.Combine(folder, program), Tool.PathOf(program)!);
        return ("PATH", folder);
    }

    public string PathOf(string installed) => Root + installed;

    private Task<(int ExitCode, string Output)> Run(string release, IEnumerable<(string Name, string Value)> environment) =>
        Tool.RunWith(environment, "bash", "deploy/install.sh", "--release", release, "--root", Root);

    public void Dispose() => _directory.Dispose();

    private void Write(string name, string text)
    {
        var path = Path.Combine(_directory.Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
    }
}
