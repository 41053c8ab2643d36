namespace PolyArb.Silo.Telegram;

/// <summary>What somebody wants, in the words of the commands.</summary>
/// <param name="Verb">In lower case, without the slash, the bot's name behind it, and what somebody in fear puts around it.</param>
/// <param name="Rest">What follows it, on one line and not too long; often nothing.</param>
internal sealed record Wish(string Verb, string Rest)
{
    private const int RestMax = 200;

    /// <summary>Ends a word. No question mark: who asks whether to resume has not said so.</summary>
    private static readonly char[] Ends = [' ', '.', ',', '!', ';', ':'];

    public const string Help =
        """
        status - what it does
        markets - which are on, and their books
        pnl - profit and loss
        pause [why] - no new baskets
        resume why - trade again
        flatten [why] - cancel all and reduce; asks for a code
        kill [why] - cancel all and stop, at once
        """;

    public static Wish Of(string text)
    {
        var line = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).TrimStart([.. Ends, '/']).TrimEnd();
        var words = line.Split(Ends, 2);
        var verb = words[0].Split('@')[0].ToLowerInvariant();
        var rest = words.Length > 1 ? words[1].TrimStart(Ends) : "";
        return new Wish(verb, rest.Length <= RestMax ? rest : rest[..RestMax]);
    }

    /// <summary>The reason given, or that none was.</summary>
    public string Reason => Rest.Length > 0 ? Rest : "no reason given";
}
