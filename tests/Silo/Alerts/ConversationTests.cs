using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Silo.Commands;
using PolyArb.Silo.Telegram;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

public partial class ConversationTests
{
    private readonly ScriptedCommands _commands = new();
    private readonly FakeTimeProvider _clock = new();
    private readonly List<string> _between = [];
    private readonly Conversation _conversation;

    public ConversationTests() => _conversation = new Conversation(_commands, "telegram:7", _clock);

    [Theory]
    [InlineData("status", "status")]
    [InlineData("/status", "status")]
    [InlineData("/Status@polyarb_bot", "status")]
    [InlineData("  markets ", "markets")]
    [InlineData("pnl", "pnl")]
    [InlineData("pause", "pause telegram:7 no reason given")]
    [InlineData("pause for lunch", "pause telegram:7 for lunch")]
    [InlineData("/resume all is well", "resume telegram:7 all is well")]
    [InlineData("kill", "kill telegram:7 no reason given")]
    [InlineData("/kill@polyarb_bot it\nburns", "kill telegram:7 it burns")]
    [InlineData("KILL!!!", "kill telegram:7 no reason given")]
    [InlineData("kill.", "kill telegram:7 no reason given")]
    [InlineData(" /kill!", "kill telegram:7 no reason given")]
    [InlineData("kill,now!", "kill telegram:7 now!")]
    [InlineData("Kill: it burns.", "kill telegram:7 it burns.")]
    public async Task Words_become_commands(string said, string done)
    {
        Assert.Equal($"did {done}", await Say(said));
        Assert.Equal([done], _commands.Done);
    }

    [Theory]
    [InlineData("resume")]
    [InlineData("resume? is it safe")] // A question is no wish.
    [InlineData("...")]
    [InlineData("!")]
    [InlineData("/resume   ")]
    [InlineData("help")]
    [InlineData("/start")]
    [InlineData("restart")]
    [InlineData("stop")]
    [InlineData("killall")]
    [InlineData("1234")]
    public async Task Other_words_do_nothing(string said)
    {
        Assert.NotEmpty(await Say(said));
        Assert.Empty(_commands.Done);
    }

    [Fact]
    public async Task Flatten_is_done_when_its_code_follows_and_only_once()
    {
        var code = Code(await Say("flatten enough"));
        Assert.Empty(_commands.Done);

        Assert.Equal("did flatten telegram:7 enough", await Say(code));
        Assert.Equal(["flattening ..."], _between);
        await Say(code);

        Assert.Equal(["flatten telegram:7 enough"], _commands.Done);
    }

    [Fact]
    public async Task A_wrong_code_or_another_word_takes_a_flatten_back()
    {
        foreach (var other in (string[])["0000", "status"])
        {
            var code = Code(await Say("flatten"));
            await Say(other);
            await Say(code);
        }

        Assert.Equal(["status"], _commands.Done);
    }

    [Fact]
    public async Task A_kill_takes_a_flatten_back_too()
    {
        var code = Code(await Say("flatten"));
        await Say("kill");

        await Say(code);

        Assert.Equal(["kill telegram:7 no reason given"], _commands.Done);
    }

    [Fact]
    public async Task A_code_lives_for_a_minute()
    {
        var code = Code(await Say("flatten"));
        _clock.Advance(TimeSpan.FromMinutes(1));

        await Say(code);

        Assert.Empty(_commands.Done);
    }

    [Fact]
    public async Task What_was_said_to_nobody_is_not_done_but_for_kill()
    {
        var code = Code(await Say("flatten"));
        foreach (var said in (string[])["status", "pause", "resume now", "flatten", code, "kill late"])
        {
            var answer = await Say(said, isLate: true);
            Assert.Equal(said is not "kill late", answer.Contains("NOT done", StringComparison.Ordinal));
        }

        Assert.Equal(["kill telegram:7 late"], _commands.Done);
    }

    [Fact]
    public async Task What_could_not_be_done_is_said_so()
    {
        _commands.IsRefusing = true;

        Assert.Equal("NOT done: did kill telegram:7 no reason given", await Say("kill"));
    }

    [Fact]
    public void A_reason_is_one_line_and_not_a_novel()
    {
        var wish = Wish.Of($"kill first\r\nsecond\u0007 {new string('x', 10_000)}");

        Assert.DoesNotContain(wish.Rest, char.IsControl);
        Assert.Equal(200, wish.Rest.Length);
    }

    private Task<string> Say(string text, bool isLate = false) => _conversation.Answer(text, isLate, word =>
    {
        _between.Add(word);
        return Task.CompletedTask;
    });

    private static string Code(string question) => FourDigits().Match(question).Value;

    [GeneratedRegex(@"\b\d{4}\b")]
    private static partial Regex FourDigits();
}

/// <summary>Keeps what it is asked to do, and answers with it.</summary>
internal sealed class ScriptedCommands : ICommandApi
{
    private readonly ConcurrentQueue<string> _done = new();

    public string[] Done => [.. _done];

    public bool IsRefusing { get; set; }

    /// <summary>Set: what everything ends with.</summary>
    public Exception? Failure { get; set; }

    /// <summary>A flatten takes until then.</summary>
    public TaskCompletionSource? Flat { get; set; }

    public Task<CommandAnswer> Status() => Do("status");

    public Task<CommandAnswer> Markets() => Do("markets");

    public Task<CommandAnswer> Pnl() => Do("pnl");

    public Task<CommandAnswer> Pause(string by, string reason) => Do($"pause {by} {reason}");

    public Task<CommandAnswer> Resume(string by, string reason) => Do($"resume {by} {reason}");

    public async Task<CommandAnswer> Flatten(string by, string reason)
    {
        if (Flat is { } flat) await flat.Task;
        return await Do($"flatten {by} {reason}");
    }

    public Task<CommandAnswer> Kill(string by, string reason) => Do($"kill {by} {reason}");

    private Task<CommandAnswer> Do(string what)
    {
        if (Failure is { } failure) return Task.FromException<CommandAnswer>(failure);

        _done.Enqueue(what);
        return Task.FromResult(new CommandAnswer(!IsRefusing, $"did {what}"));
    }
}
