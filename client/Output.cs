using System.Text.Json;
using System.Text.Json.Serialization;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using Spectre.Console;

namespace PolyArb.Client;

/// <summary>One JSON document on stdout and nothing else, or text for people.</summary>
internal sealed class Output(bool isJson, TextWriter writer)
{
    private static readonly JsonSerializerOptions Json = new(DomainJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    };

    private static readonly JsonSerializerOptions Snake = new(Json) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public bool IsJson => isJson;

    public void Document<T>(T value) => writer.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>A document spelled with underscores, as `capture check` is.</summary>
    public void SnakeDocument<T>(T value) =>
        writer.WriteLine(JsonSerializer.Serialize(value, Snake));

    public void Line(string text) => writer.WriteLine(text);

    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns) table.AddColumn(new TableColumn(Markup.Escape(column)).NoWrap());
        foreach (var row in rows) table.AddRow(row.Select(Markup.Escape).ToArray());

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (Console.IsOutputRedirected) console.Profile.Width = 250;
        console.Write(table);
    }

    /// <summary>
    /// Runs what takes long, with a bar on the terminal's error side; where that is no terminal, or a document is wanted, nothing is shown.
    /// </summary>
    /// <param name="run">Is given what to call with percent and a few words.</param>
    public async Task WithProgress(string what, Func<Action<int, string>, Task> run)
    {
        if (isJson || Console.IsErrorRedirected)
        {
            await run((_, _) => { });
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn()).StartAsync(async context =>
        {
            var task = context.AddTask(Markup.Escape(what));
            await run((percent, text) =>
            {
                task.Value = percent;
                task.Description = Markup.Escape($"{what}: {text}");
            });
        });
    }

    /// <summary>The venue's words for an enum: BUY, FAK, CONFIRMED.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToUpperInvariant();

    /// <summary>Enough of a long id to recognise it.</summary>
    public static string Brief(string id) => id.Length <= 14 ? id : $"{id[..10]}…{id[^4..]}";

    public static string Time(Instant instant) =>
        instant.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
}
