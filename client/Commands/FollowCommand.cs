using System.Collections.Immutable;
using System.Globalization;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Commands;

/// <param name="N">Its number; to go on after it.</param>
internal sealed record FollowedLine(long N, string Text);

/// <summary>`events --follow`: what there is, and then what comes, a line each, until somebody leaves.</summary>
internal sealed class FollowCommand(Output output, TimeProvider time)
{
    private const int KindWidth = 18;
    private const int TextMax = 160;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    /// <param name="read">Rows after a number, oldest first.</param>
    /// <param name="asked">For the first look; the others take whatever is new.</param>
    public async Task<int> Run(Func<HistoryQuery, Task<ImmutableArray<FollowedLine>>> read, HistoryQuery asked, CancellationToken cancellation)
    {
        while (true)
        {
            var lines = await read(asked);
            foreach (var line in lines) output.Line(line.Text);
            asked = asked with { After = lines.IsEmpty ? asked.After : lines[^1].N, Last = HistoryQuery.Most };

            await Task.Delay(LookEvery, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (cancellation.IsCancellationRequested) return ExitCode.Ok; // Ctrl-C is how one leaves.
        }
    }

    public static async Task<ImmutableArray<FollowedLine>> Facts(SiloConnection silo, HistoryQuery asked) =>
    [
        .. (await silo.History.Facts(asked)).Select(fact => new FollowedLine(
            fact.N, Line(fact.N, fact.At, fact.Kind, Output.Cut(FactText.Of(fact), TextMax)))),
    ];

    public static async Task<ImmutableArray<FollowedLine>> Recorded(SiloConnection silo, HistoryQuery asked) =>
    [
        .. (await silo.History.Inputs(asked)).Select(input => new FollowedLine(
            input.N, Line(input.N, input.At, $"{input.Source} {input.Connection}", Output.Cut(input.Text, TextMax)))),
    ];

    private static string Line(long n, Domain.Instant at, string what, string text) =>
        $"{Output.Time(at)}  {n.ToString(CultureInfo.InvariantCulture),8}  {what.PadRight(KindWidth)}  {text}".TrimEnd();
}
