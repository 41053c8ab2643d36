namespace PolyArb.Silo.Telegram;

/// <summary>What somebody wants, in the words of the commands.</summary>
/// <param name="Verb">In lower case, without the slash and without the bot's name behind it.</param>
/// <param name="Rest">What follows it, on one line and not too long; often nothing.</param>
internal sealed record Wish(string Verb, string Rest)
{
    private const int RestMax = 200;

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
        var words = new string([.. text.Select(letter => char.IsControl(letter) ? ' ' : letter)]).Trim().Split(' ', 2, StringSplitOptions.TrimEntries);
        var verb = words[0].TrimStart('/').Split('@')[0].ToLowerInvariant();
        var rest = words.Length > 1 ? words[1] : "";
        return new Wish(verb, rest.Length <= RestMax ? rest : rest[..RestMax]);
    }

    /// <summary>The reason given, or that none was.</summary>
    public string Reason => Rest.Length > 0 ? Rest : "no reason given";
}
