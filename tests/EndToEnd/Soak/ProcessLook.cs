using System.Globalization;

namespace PolyArb.Tests.EndToEnd.Soak;

/// <summary>A process as Linux shows it: physical memory in MB, open file descriptors, threads, processor seconds since its start.</summary>
internal sealed record ProcessLook(double Resident, int Handles, int Threads, double Processor)
{
    private const double TicksPerSecond = 100; // USER_HZ, on every Linux that .NET runs on.

    public static ProcessLook At(int id)
    {
        var status = File.ReadLines($"/proc/{id}/status").Select(line => line.Split(':', 2)).ToDictionary(line => line[0], line => line[1].Trim());
        var stat = Stat(id);
        return new ProcessLook(
            Math.Round(Number(status["VmRSS"].Split(' ')[0]) / 1024, 1), Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Count(), (int)Number(status["Threads"]),
            (Number(stat[11]) + Number(stat[12])) / TicksPerSecond);
    }

    /// <summary>Percent of the last ten seconds in which a thread of this machine waited for a processor; 0 where the kernel does not say.</summary>
    public static double Pressure()
    {
        const string file = "/proc/pressure/cpu";
        return File.Exists(file) ? Number(File.ReadLines(file).First().Split("avg10=")[1].Split(' ')[0]) : 0;
    }

    /// <summary>The one process that another started.</summary>
    public static int ChildOf(int id) => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var found) ? found : 0)
        .Single(found => found > 0 && IsChild(found, id));

    private static bool IsChild(int child, int parent)
    {
        try
        {
            return (int)Number(Stat(child)[1]) == parent;
        }
        catch (IOException)
        {
            return false; // It ended meanwhile.
        }
    }

    /// <summary>Behind the name, which may hold anything: state, parent, ...</summary>
    private static string[] Stat(int id)
    {
        var text = File.ReadAllText($"/proc/{id}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
