using System.Collections.Immutable;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Hosting;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;
using Telegram.Bot.Types.Enums;

namespace PolyArb.Silo.Telegram;

/// <summary>
/// The two calls of Telegram's Bot API that we need, each with a deadline, and their failures as values: what goes wrong on the way to a chat
/// is no reason for anything here. Nothing it says holds a secret of this silo's, also where the venue's words are repeated.
/// </summary>
internal sealed class TelegramBot(string token, Uri address, HttpClient http, Redactor redactor, TimeProvider time)
{
    /// <summary>How long the other side may hold a poll that has nothing to say.</summary>
    private static readonly TimeSpan PollFor = TimeSpan.FromSeconds(50);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Of a message, by the Bot API's documentation of sendMessage; some letters stay for "...".</summary>
    private const int TextMax = 4_000;

    private static readonly UpdateType[] OnlyMessages = [UpdateType.Message];

    private readonly TelegramBotClient _client = new(
        new TelegramBotClientOptions(token, address.GetLeftPart(UriPartial.Authority)) { RetryCount = 0 }, http); // Waiting is ours: it has a clock and an end.

    /// <summary>Messages with a number of at least <paramref name="next"/>; what is older is confirmed thereby, and never comes again.</summary>
    /// <param name="waits">For the first one, if there is none.</param>
    public async Task<Polled> Poll(int next, bool waits, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(waits ? PollFor + Patience : Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var updates = await _client.GetUpdates(next, timeout: waits ? (int)PollFor.TotalSeconds : 0, allowedUpdates: OnlyMessages, cancellationToken: ends.Token);
            return new Polled.Messages([.. updates.Select(update => new Received(update.Id, update.Message))]);
        }
        catch (Exception e) when (e is RequestException or HttpRequestException or OperationCanceledException or IOException)
        {
            return new Polled.Failed(Why(e), RestFor(e));
        }
    }

    /// <summary>As it stands: no markup, no preview of links.</summary>
    public async Task<Delivery> Say(long chat, string text, CancellationToken cancellation)
    {
        text = redactor.Clean(text);
        using var deadline = new CancellationTokenSource(Patience, time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            await _client.SendMessage(
                chat, text.Length <= TextMax ? text : text[..TextMax] + "...", linkPreviewOptions: new LinkPreviewOptions { IsDisabled = true }, cancellationToken: ends.Token);
            return new Delivery.Done();
        }
        catch (ApiRequestException e) when (e.ErrorCode is 400 or 403)
        {
            return new Delivery.Refused(Why(e)); // No such chat, or it does not want us.
        }
        catch (Exception e) when (e is RequestException or HttpRequestException or OperationCanceledException or IOException)
        {
            return new Delivery.Failed(Why(e), RestFor(e));
        }
    }

    private static TimeSpan? RestFor(Exception e) => e is ApiRequestException { Parameters.RetryAfter: > 0 and var seconds } ? TimeSpan.FromSeconds(seconds) : null;

    private static string Why(Exception e) => e switch
    {
        OperationCanceledException => "no answer",
        ApiRequestException api => $"{api.ErrorCode} {api.Message}",
        RequestException { InnerException: { } inner } => inner.Message,
        _ => e.Message,
    };
}

/// <summary>What a poll came to.</summary>
internal abstract record Polled
{
    private Polled()
    {
    }

    /// <summary>None: nobody said anything.</summary>
    public sealed record Messages(ImmutableArray<Received> All) : Polled;

    /// <param name="RestFor">What the other side asks us to wait; null: as long as we like.</param>
    public sealed record Failed(string Why, TimeSpan? RestFor) : Polled;
}

/// <param name="Message">Null: something else happened, which nobody asked for.</param>
internal sealed record Received(int Number, Message? Message);
