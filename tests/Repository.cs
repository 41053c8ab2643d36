namespace PolyArb.Tests;

/// <summary>Files of the repository, wherever the tests were built to.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string PathOf(string name) => Path.Combine(Root, name);

    public static string Text(string name) => File.ReadAllText(PathOf(name));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PolyArb.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no PolyArb.sln above {AppContext.BaseDirectory}");
        }

        return folder;
    }
}
