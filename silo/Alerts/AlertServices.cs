using PolyArb.Silo.Commands;
using PolyArb.Silo.Hosting;
using PolyArb.Silo.Telegram;

namespace PolyArb.Silo.Alerts;

/// <summary>What is told without being asked, and the doors besides the cluster's own. What is not configured is not there.</summary>
internal static class AlertServices
{
    /// <summary>Belongs between Orleans and the trading: it sees both ends of it, and a stop does not wait for it.</summary>
    public static IServiceCollection AddAlerts(this IServiceCollection services, AlertSetup setup, Redactor redactor, LoggedErrors errors)
    {
        services.AddSingleton<ICommandApi, CommandApi>();
        var http = Wires.Client();
        if (setup.Secrets.RevealDeadMan() is { } deadMan) services.AddHostedService(provider => provider.Make<DeadManPing>(deadMan, http));
        if (!setup.HasChannels) return services;

        if (setup.Secrets.RevealWebhook() is { } webhook) services.AddSingleton<IAlertChannel>(provider => provider.Make<WebhookChannel>(webhook, http));
        foreach (var user in setup.TelegramUsers) services.AddSingleton<IAlertChannel>(provider => provider.Make<TelegramChannel>(user));

        services.AddSingleton(new AlertFilter(setup.Level, setup.QuietHours));
        services.AddSingleton<AlertSending>();
        services.AddSingleton(provider => provider.Make<AlertDesk>(redactor));
        services.AddHostedService(provider => provider.GetRequiredService<AlertSending>());
        services.AddHostedService(provider => provider.Make<AlertWatch>(setup, errors));
        if (setup.TelegramUsers.IsEmpty) return services;

        services.AddSingleton(provider => provider.Make<TelegramBot>(setup.Secrets.RevealBotToken()!, setup.TelegramUrl, http, redactor));
        return services.AddHostedService(provider => provider.Make<TelegramControl>(setup.TelegramUsers));
    }

    private static T Make<T>(this IServiceProvider provider, params object[] rest) => ActivatorUtilities.CreateInstance<T>(provider, rest);
}
