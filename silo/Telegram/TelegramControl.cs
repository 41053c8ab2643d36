using System.Collections.Immutable;
using PolyArb.Config;
using PolyArb.Grains;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Commands;
using PolyArb.Silo.Hosting;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace PolyArb.Silo.Telegram;

/// <summary>
/// Listens to Telegram by long polls, and obeys private messages of whoever is on the list. Everybody else is told nothing, and reported.
/// Whatever happens on the way there ends here: the trading does not know that this exists.
/// </summary>
internal sealed partial class TelegramControl(
    TelegramBot bot, ImmutableArray<long> allowed, ICommandApi commands, AlertDesk desk, GatewayPresence presence, TimeProvider time, ILogger<TelegramControl> logger) : BackgroundService
{
    private static readonly TimeSpan RestMin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestMax = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan AskedRestMax = TimeSpan.FromMinutes(10);

    /// <summary>Nobody listened for so long: what comes next may be old. A poll that is held takes a minute.</summary>
    private static readonly TimeSpan DeafAfter = TimeSpan.FromMinutes(2);

    /// <summary>Answers that are being worked on; a person asks one thing at a time. `kill` is not counted.</summary>
    private const int AtOnceMax = 8;

    /// <summary>As many as one poll may bring, by the Bot API's documentation of getUpdates.</summary>
    private const int PollMax = 100;

    private readonly ImmutableDictionary<long, Conversation> _conversations =
        allowed.Distinct().ToImmutableDictionary(id => id, id => new Conversation(commands, $"telegram:{id}", time));

    private readonly Strangers _strangers = new();
    private int _next;
    private int _working;
    private bool _isDown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Listen(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(e);
                await Task.WhenAny(Task.Delay(RestMax, time, stoppingToken));
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task Listen(CancellationToken stopping)
    {
        var (isLate, rest, heardAt) = (true, RestMin, time.GetTimestamp()); // What waited for us was said to nobody.
        while (!stopping.IsCancellationRequested)
        {
            if (!presence.IsHere)
            {
                await Task.Delay(RestMin, time, stopping); // Another silo of the cluster listens: the bot has one listener at a time.
                continue;
            }

            switch (await bot.Poll(_next, waits: !isLate, stopping))
            {
                case Polled.Messages(var received):
                    Hear();
                    isLate |= time.GetElapsedTime(heardAt) > DeafAfter;
                    foreach (var one in received) Take(one, isLate, stopping);
                    (isLate, rest, heardAt) = (isLate && received.Length >= PollMax, RestMin, time.GetTimestamp());
                    break;
                case Polled.Failed(var why, var asked):
                    stopping.ThrowIfCancellationRequested();
                    if (!_isDown) LogDown(why);
                    _isDown = true;
                    await Task.Delay(asked is { } wanted ? Spans.Shorter(wanted, AskedRestMax) : rest, time, stopping);
                    rest = Spans.Shorter(2 * rest, RestMax);
                    break;
            }
        }
    }

    private void Hear()
    {
        if (_isDown) LogUp();
        _isDown = false;
    }

    private void Take(Received received, bool isLate, CancellationToken stopping)
    {
        _next = received.Number + 1; // Before it is done: nothing is done twice.
        if (received.Message is not { } message) return;

        if (message is { Chat: { Type: ChatType.Private, Id: var chat }, From.Id: var from } && chat == from && _conversations.TryGetValue(from, out var conversation))
        {
            if (message.Text is { Length: > 0 } text) _ = Obey(conversation, chat, text, isLate, stopping);
        }
        else
        {
            Refuse(message, stopping);
        }
    }

    /// <summary>Beside the listening: a flatten takes a minute, and a kill must not wait for it.</summary>
    private async Task Obey(Conversation conversation, long chat, string text, bool isLate, CancellationToken stopping)
    {
        try
        {
            await Say(chat, await Answered(conversation, chat, text, isLate, stopping), stopping);
        }
        catch (Exception e)
        {
            if (stopping.IsCancellationRequested) return;

            LogFailed(e); // Nobody waits for this task, but somebody waits for an answer.
            await Say(chat, $"This failed ({e.Message}): it may or may not have been done; `polyarb-client kill --direct` needs no silo.", stopping);
        }
    }

    /// <summary>The place is free before the answer is said: who has the answer may ask the next. A kill needs no place.</summary>
    private async Task<string> Answered(Conversation conversation, long chat, string text, bool isLate, CancellationToken stopping)
    {
        var isCounted = Wish.Of(text).Verb is not "kill";
        try
        {
            if (isCounted && Interlocked.Increment(ref _working) > AtOnceMax) return "Too much at once: wait for the answers.";

            return await conversation.Answer(text, isLate, word => Say(chat, word, stopping));
        }
        finally
        {
            if (isCounted) Interlocked.Decrement(ref _working);
        }
    }

    private void Refuse(Message message, CancellationToken stopping)
    {
        if (_strangers.Report(time.Now()) is not { } untold) return;

        var who = $"user {message.From?.Id} {Plain(message.From?.Username)} in chat {message.Chat.Id}";
        var more = untold > 0 ? $", and {untold} messages of strangers before" : "";
        LogRefused(who, more);
        desk.Raise(AlertLevel.Warning, null, $"Telegram: {who} is not on control.telegram_allowlist, wrote to this bot and was refused{more}");
        if (message.Chat.Type is ChatType.Private) _ = Say(message.Chat.Id, "This bot answers nobody it does not know.", stopping);
    }

    private async Task Say(long chat, string text, CancellationToken stopping)
    {
        if (await bot.Say(chat, text, stopping) is var said and not Delivery.Done && !stopping.IsCancellationRequested)
            LogNotSaid(chat, said switch { Delivery.Failed(var why, _) => why, Delivery.Refused(var why) => why, _ => "" });
    }

    /// <summary>What a stranger calls himself, where it is a name.</summary>
    private static string Plain(string? name) => name is null ? "" : new string([.. name.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_').Take(32)]);

    [LoggerMessage(LogLevel.Warning, "Telegram: {Who} is not on control.telegram_allowlist and was refused{More}")]
    private partial void LogRefused(string who, string more);

    [LoggerMessage(LogLevel.Warning, "Telegram does not answer: {Why}; asked again until it does")]
    private partial void LogDown(string why);

    [LoggerMessage(LogLevel.Information, "Telegram answers again")]
    private partial void LogUp();

    [LoggerMessage(LogLevel.Warning, "An answer did not reach Telegram chat {Chat}: {Why}")]
    private partial void LogNotSaid(long chat, string why);

    [LoggerMessage(LogLevel.Warning, "A message of Telegram could not be dealt with")]
    private partial void LogFailed(Exception exception);
}
