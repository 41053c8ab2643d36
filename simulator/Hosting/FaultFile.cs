using PolyArb.Simulator.Faults;

namespace PolyArb.Simulator.Hosting;

/// <summary>The plan of serve --faults: those that come with the program by their name, others by their path.</summary>
internal static class FaultFile
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Faults");

    /// <summary>Throws <see cref="FormatException"/> with one line that names the file.</summary>
    public static FaultPlan Load(string nameOrPath)
    {
        var path = Find(nameOrPath) ?? throw new FormatException($"{nameOrPath}: there is no such file, nor is it one of {string.Join(", ", Names())}");
        try
        {
            return FaultPlan.Read(File.ReadAllText(path));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{nameOrPath}: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{nameOrPath}: cannot be read: {e.Message}");
        }
    }

    private static string? Find(string nameOrPath)
    {
        string[] places = [nameOrPath, Path.Combine(Folder, nameOrPath), Path.Combine(Folder, nameOrPath + ".yaml")];
        return places.FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> Names() =>
        Directory.EnumerateFiles(Folder, "*.yaml").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal);
}
