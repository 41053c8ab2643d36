using PolyArb.Config;
using PolyArb.Silo.Alerts;

namespace PolyArb.Silo.Telegram;

/// <summary>Alerts to one chat that is on the list.</summary>
internal sealed class TelegramChannel(TelegramBot bot, long chat) : IAlertChannel
{
    public string Name => $"Telegram chat {chat}";

    /// <summary>With a minute between them: a night without a network.</summary>
    public int TriesMax => 500;

    public Task<Delivery> Send(Alert alert, CancellationToken cancellation) =>
        bot.Say(chat, alert.Level is AlertLevel.Info ? alert.Text : $"{alert.Level.ToString().ToUpperInvariant()}: {alert.Text}", cancellation);
}
