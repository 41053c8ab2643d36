using System.Globalization;
using System.Text.Json;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Commands;

/// <summary>`errors`, `events` and `events --recorded`, as a silo's readers tell them.</summary>
internal static class HistoryCommands
{
    private const int TextMax = 160;

    public static async Task<int> Errors(SiloConnection silo, Output output, HistoryQuery asked)
    {
        var errors = await silo.History.Errors(asked);
        if (output.IsJson)
        {
            output.Document(errors.Select(error => new { time = error.At.Millis, where = error.Where, what = error.What }));
            return ExitCode.Ok;
        }

        output.Table(["time", "where", "what"], errors.Select(error => new[] { Output.Time(error.At), Output.Brief(error.Where), Output.Cut(error.What, TextMax) }), none: "no errors");
        return ExitCode.Ok;
    }

    public static async Task<int> Facts(SiloConnection silo, Output output, HistoryQuery asked)
    {
        var facts = await silo.History.Facts(asked);
        if (output.IsJson)
        {
            output.Document(facts.Select(fact => new
            {
                n = fact.N,
                time = fact.At.Millis,
                kind = fact.Kind,
                market = fact.Market,
                basket = fact.Basket,
                fact = JsonSerializer.Deserialize<JsonElement>(fact.Body),
            }));
            return ExitCode.Ok;
        }

        output.Table(
            ["time", "n", "kind", "what"],
            facts.Select(fact => new[]
            {
                Output.Time(fact.At), fact.N.ToString(CultureInfo.InvariantCulture), fact.Kind, Output.Cut(FactText.Of(fact), TextMax),
            }),
            none: "nothing happened");
        return ExitCode.Ok;
    }

    public static async Task<int> Recorded(SiloConnection silo, Output output, HistoryQuery asked)
    {
        var inputs = await silo.History.Inputs(asked);
        if (output.IsJson)
        {
            output.Document(inputs.Select(input => new
            {
                n = input.N,
                time = input.At.Millis,
                connection = input.Connection,
                source = input.Source,
                length = input.Length,
                text = input.Text,
            }));
            return ExitCode.Ok;
        }

        output.Table(
            ["time", "n", "connection", "source", "length", "text"],
            inputs.Select(input => new[]
            {
                Output.Time(input.At), input.N.ToString(CultureInfo.InvariantCulture), input.Connection, input.Source,
                input.Length.ToString(CultureInfo.InvariantCulture), Output.Cut(input.Text, TextMax / 2),
            }),
            none: "nothing was recorded");
        return ExitCode.Ok;
    }
}
