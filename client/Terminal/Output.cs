using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PolyArb.Client;

/// <summary>One JSON document on stdout and nothing else, or text for people: with colors in a terminal, plain elsewhere.</summary>
internal sealed class Output(bool isJson, TextWriter writer, Window? window = null)
{
    private const int NameWidth = 10;

    /// <summary>Where there is no window nothing is cut off.</summary>
    private const int Unbounded = 100_000;

    private static readonly JsonSerializerOptions Json = new(DomainJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly JsonSerializerOptions Snake = new(Json) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly Window _window = window ?? Window.None;

    public bool IsJson => isJson;

    public Window Window => _window;

    /// <summary>The one document is out.</summary>
    public bool HasDocument { get; private set; }

    public void Document<T>(T value) => Document(value, Json);

    /// <summary>A document spelled with underscores, as `capture check` is.</summary>
    public void SnakeDocument<T>(T value) => Document(value, Snake);

    private void Document<T>(T value, JsonSerializerOptions options)
    {
        writer.WriteLine(JsonSerializer.Serialize(value, options));
        HasDocument = true;
    }

    public void Line(string text) => writer.WriteLine(text);

    /// <summary>A line that begins with what it is about.</summary>
    public void Field(string name, string text)
    {
        if (!_window.HasColor) Line($"{name.PadRight(NameWidth)}{text}");
        else Write(new Paragraph(name.PadRight(NameWidth), Palette.Quiet).Append(text, Palette.Of(text) ?? Style.Plain).Append("\n"));
    }

    /// <param name="none">Said when there are no rows.</param>
    public void Table(string[] columns, IEnumerable<string[]> rows, string none = "none")
    {
        var all = rows.ToArray();
        if (all.Length == 0) Line(none);
        else Write(TableOf(columns, all));
    }

    public void Write(IRenderable what)
    {
        if (_window.IsThere)
        {
            _window.ConsoleOn(writer).Write(what);
            return;
        }

        using var text = new StringWriter();
        var console = _window.ConsoleOn(text);
        console.Profile.Width = Unbounded;
        console.Write(what);
        foreach (var line in text.ToString().TrimEnd().Split('\n')) writer.WriteLine(line.TrimEnd());
    }

    /// <summary>Numbers to the right; the words of <see cref="Palette"/> in their color.</summary>
    public static Table TableOf(string[] columns, IReadOnlyList<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        for (var column = 0; column < columns.Length; column++)
        {
            var at = column;
            var isNumeric = rows.All(row => row[at].Length == 0 || row[at] == "-" || Palette.IsNumber(row[at]));
            table.AddColumn(new TableColumn(new Text(columns[at], Palette.Quiet)) { NoWrap = true, Alignment = isNumeric ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows) table.AddRow(row.Select(cell => new Text(cell, Palette.Of(cell))));
        return table;
    }

    /// <summary>
    /// Runs what takes long, with a bar on the terminal's error side; where that is no terminal, or a document is wanted, nothing is shown.
    /// </summary>
    /// <param name="run">Is given what to call with percent and a few words.</param>
    public async Task<T> WithProgress<T>(string what, Func<Action<int, string>, Task<T>> run)
    {
        var errors = Window.OfErrors;
        if (isJson || !errors.IsThere) return await run((_, _) => { });

        return await errors.ConsoleOn(Console.Error).Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new SpinnerColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask(Markup.Escape(what));
                return await run((percent, text) =>
                {
                    task.Value = percent;
                    task.Description = Markup.Escape($"{what}: {text}");
                });
            });
    }

    public Task WithProgress(string what, Func<Action<int, string>, Task> run) => WithProgress<object?>(what, async tell =>
    {
        await run(tell);
        return null;
    });

    /// <summary>The venue's words for an enum: BUY, FAK, CONFIRMED.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToUpperInvariant();

    /// <summary>Enough of a long id to recognise it.</summary>
    public static string Brief(string id) => id.Length <= 14 ? id : $"{id[..10]}…{id[^4..]}";

    /// <summary>The beginning of a text that may be long, on one line.</summary>
    public static string Cut(string text, int length) => text.ReplaceLineEndings(" ") is var line && line.Length <= length ? line : $"{line[..(length - 1)]}…";

    public static string Time(Instant instant) => instant.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Known(Usd? dollars) => dollars?.ToString() ?? "unknown";
}
