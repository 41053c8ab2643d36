using System.Text;
using System.Text.RegularExpressions;
using PolyArb.Config;

namespace PolyArb.Tests.Documentation;

/// <summary>docs/configuration.md: the parameters as they are bound, and what config.yaml and .env.example say about each in words.</summary>
internal static partial class ConfigurationPage
{
    public static string Render(Parameters parameters, ConfigurationComments comments, string envExample)
    {
        var page = new StringBuilder(
            """
            # Configuration

            Made from the options in `config/` and the comments of [config.yaml](../config.yaml) and [.env.example](../.env.example); do not edit.
            `POLYARB_WRITE_DOCS=1 dotnet run -c Release --project tests -- -class "*ConfigurationPageTests"` writes it again.

            A key that is left out keeps its default; one that does not exist, and a value that is not legal, end the start with exit code 2 and a
            line that says what is legal. The environment beats `.env`, `.env` beats config.yaml; an empty variable counts as absent.
            Of lists, `[]` is the empty one. "live" may change while a silo runs (`polyarb-client set K=V`, `polyarb-client reload`); "start" is read
            once, at the start.


            """);
        foreach (var section in parameters.All.GroupBy(parameter => parameter.Key[..parameter.Key.IndexOf('.', StringComparison.Ordinal)]))
        {
            AppendSection(page, section, comments);
        }

        AppendVariables(page, parameters, envExample);
        return page.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>A comment without the marks that have a column of their own.</summary>
    public static string Meaning(string comment)
    {
        var plain = VariableMark().Replace(StartMark().Replace(VariableMark().Replace(comment, ""), ""), "").Trim();
        return plain.StartsWith(LaterMark, StringComparison.Ordinal) ? $"No effect in this version: {plain[LaterMark.Length..].Trim()}" : plain;
    }

    public static bool SaysStart(string comment) => StartMark().IsMatch(VariableMark().Replace(comment, ""));

    public static string? VariableIn(string comment) => VariableMark().Match(comment) is { Success: true } mark ? mark.Groups["name"].Value : null;

    private const string LaterMark = "(later)";

    private static void AppendSection(StringBuilder page, IGrouping<string, Parameter> section, ConfigurationComments comments)
    {
        page.Append("## ").Append(section.Key).Append("\n\n");
        if (comments.About(section.Key) is { } about) page.Append(Sentence(about)).Append("\n\n");
        page.Append("| key | default | legal | variable | changes | meaning |\n|---|---|---|---|---|---|\n");
        foreach (var parameter in section)
        {
            AppendRow(
                page, Code(parameter.Key), parameter.Default is "" ? "empty" : Code(parameter.Default), Legal(parameter), Code(parameter.Variable),
                parameter.IsSettable ? "live" : "start", Meaning(comments.About(parameter.Key) ?? ""));
        }

        page.Append('\n');
    }

    private static void AppendVariables(StringBuilder page, Parameters parameters, string envExample)
    {
        page.Append("## Environment variables\n\nSecrets have no key: they stand in the environment or `.env` and nowhere else.\n\n");
        page.Append("| variable | key | meaning |\n|---|---|---|\n");
        foreach (var (variable, meaning) in Variables(envExample))
        {
            var key = parameters.All.FirstOrDefault(parameter => parameter.Variable == variable)?.Key;
            AppendRow(page, Code(variable), key is null ? "secret" : Code(key), meaning);
        }
    }

    /// <summary>In the order of .env.example; the lines above a variable, or above the group it stands in, say what it means.</summary>
    public static IEnumerable<(string Name, string Meaning)> Variables(string envExample)
    {
        var said = new List<string>();
        foreach (var line in envExample.Split('\n'))
        {
            if (VariableLine().Match(line) is { Success: true } variable) yield return (variable.Groups["name"].Value, string.Join(' ', said));
            else if (line.StartsWith('#')) said.Add(line.TrimStart('#').Trim());
            else said.Clear();
        }
    }

    private static string Legal(Parameter parameter) =>
        parameter.Legal.StartsWith("must be ", StringComparison.Ordinal) ? parameter.Legal["must be ".Length..] : parameter.Legal;

    private static string Sentence(string text) => $"{char.ToUpperInvariant(text[0])}{text[1..].TrimEnd('.')}.";

    private static string Code(string? text) => string.IsNullOrEmpty(text) ? "" : $"`{text}`";

    private static void AppendRow(StringBuilder page, params string[] cells) =>
        page.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");

    [GeneratedRegex(@"\s*\[(?<name>[A-Z_]+)\]\s*")]
    private static partial Regex VariableMark();

    /// <summary>The word alone between semicolons, at the end of a sentence or of the comment.</summary>
    [GeneratedRegex(@"(?:^|;)\s*start\s*(?=;|\.|$)")]
    private static partial Regex StartMark();

    [GeneratedRegex("^(?:# )?(?<name>[A-Z_]+)=")]
    private static partial Regex VariableLine();
}
