using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace PolyArb.Bench;

/// <summary>What a bench of a whole program found: where, when and how, and one row for each thing measured. Printed, and written as JSON.</summary>
internal sealed class BenchTable(string command, params string[] columns)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly List<(string Name, string Unit, double?[] Values)> _rows = [];
    private readonly List<string> _notes = [];

    /// <summary>What the columns say of a spread.</summary>
    public static string[] Percentiles { get; } = ["p50", "p90", "p99", "p99.9", "max", "samples"];

    private static string Date => DateTimeOffset.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>Processor, cores, memory, system and runtime.</summary>
    private static string Machine => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}");

    public void Add(string name, string unit, params double?[] values) => _rows.Add((name, unit, values));

    /// <summary>Of samples in any order; nothing when there are none.</summary>
    public void AddSpread(string name, string unit, IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        if (sorted.Length == 0) Add(name, unit, null, null, null, null, null, 0);
        else Add(name, unit, At(0.5), At(0.9), At(0.99), At(0.999), sorted[^1], sorted.Length);

        double At(double share) => sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
    }

    /// <summary>A sentence under the table.</summary>
    public void Note(string text) => _notes.Add(text);

    /// <summary>To the terminal, and to the file where one is named.</summary>
    public void Write(string? file)
    {
        Console.WriteLine($"{Machine}; {Date}; polyarb-bench {command}");
        var width = Math.Max(20, _rows.Max(row => row.Name.Length));
        Console.WriteLine($"{"".PadRight(width)} {"",-8}{string.Concat(columns.Select(column => column.PadLeft(14)))}");
        foreach (var (name, unit, values) in _rows)
            Console.WriteLine($"{name.PadRight(width)} {unit,-8}{string.Concat(values.Select(value => Text(value).PadLeft(14)))}");
        foreach (var note in _notes) Console.WriteLine(note);
        if (file is null) return;

        var rows = _rows.Select(row => new Dictionary<string, object?>(
            [new("name", row.Name), new("unit", row.Unit), .. columns.Zip(row.Values, (column, value) => KeyValuePair.Create(column, (object?)value))]));
        File.WriteAllText(file, JsonSerializer.Serialize(new { machine = Machine, date = Date, command = $"polyarb-bench {command}", figures = rows, notes = _notes }, Json));
    }

    private static string Text(double? value) => value is not { } number ? "-"
        : Math.Abs(number) >= 1_000 ? number.ToString("#,0", CultureInfo.InvariantCulture)
        : number.ToString("0.###", CultureInfo.InvariantCulture);

    private static string Processor()
    {
        const string file = "/proc/cpuinfo";
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
