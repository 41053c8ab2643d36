using System.Globalization;
using System.Security.Cryptography;
using PolyArb.Silo.Commands;

namespace PolyArb.Silo.Telegram;

/// <summary>
/// Answers one person who is on the list: translates words into commands. `kill` is done whenever it comes, for it is the safe direction; what
/// was said while nobody listened is otherwise not done, and `flatten` wants to be meant: its code must follow.
/// </summary>
internal sealed class Conversation(ICommandApi commands, string by, TimeProvider time)
{
    private static readonly TimeSpan CodeLives = TimeSpan.FromMinutes(1);

    private Pending? _pending;

    /// <param name="isLate">It may have been said long ago.</param>
    /// <param name="say">For a word in between, before the answer.</param>
    public async Task<string> Answer(string text, bool isLate, Func<string, Task> say)
    {
        var wish = Wish.Of(text);
        var confirmed = Confirmed(wish);
        if (wish.Verb is "kill") return Text(await commands.Kill(by, wish.Reason));
        if (isLate) return $"\"{wish.Verb}\" came while nobody listened here, and was NOT done. Say it again if you still mean it.";
        if (confirmed is { } reason)
        {
            await say("flattening ...");
            return Text(await commands.Flatten(by, reason));
        }

        return wish.Verb switch
        {
            "status" => Text(await commands.Status()),
            "markets" => Text(await commands.Markets()),
            "pnl" => Text(await commands.Pnl()),
            "pause" => Text(await commands.Pause(by, wish.Reason)),
            "resume" when wish.Rest.Length == 0 => "resume wants a reason: resume WHY",
            "resume" => Text(await commands.Resume(by, wish.Rest)),
            "flatten" => Ask(wish.Reason),
            "start" or "help" => Wish.Help,
            _ => $"unknown: {wish.Verb}\n{Wish.Help}",
        };
    }

    private string Ask(string reason)
    {
        var code = RandomNumberGenerator.GetInt32(1_000, 10_000).ToString(CultureInfo.InvariantCulture);
        Volatile.Write(ref _pending, new Pending(code, reason, time.GetTimestamp()));
        return $"flatten cancels every order, reduces what trading_safety.flatten_mode says, and ends SAFE. If you mean it, send {code} within a minute.";
    }

    /// <summary>The reason given before, if this is its code. Whatever else is said takes the question back.</summary>
    private string? Confirmed(Wish wish) =>
        Interlocked.Exchange(ref _pending, null) is { } pending && wish.Verb == pending.Code && time.GetElapsedTime(pending.AskedAt) < CodeLives ? pending.Reason : null;

    private static string Text(CommandAnswer answer) => answer.IsDone ? answer.Text : $"NOT done: {answer.Text}";

    private sealed record Pending(string Code, string Reason, long AskedAt);
}
