using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using PolyArb.Config;
using PolyArb.Silo.Alerts;
using PolyArb.Silo.Hosting;
using PolyArb.Storage;
using PolyArb.Tests.Grains;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Silo.Alerts;

/// <summary>From whoever has something to tell to a channel, all the way.</summary>
public sealed class AlertDeskTests : IDisposable
{
    private const string Secret = "a secret that no chat may read";

    private readonly TempDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private readonly Channel<Alert> _told = Channel.CreateUnbounded<Alert>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task No_alert_holds_a_secret()
    {
        using var sending = await Sending();

        Desk(sending).Raise(AlertLevel.Critical, null, $"the venue said: {Secret}!");

        Assert.Equal("the venue said: (not shown)!", (await _told.Reader.ReadAsync(Cancellation)).Text);
        await sending.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task A_disk_that_fills_is_looked_at_where_the_data_is()
    {
        await using var cluster = await ScriptedCluster.Start();
        using var sending = await Sending();
        await using var journal = _directory.Journal();
        var setup = new AlertSetup { DataDirectory = Path.GetTempPath(), FreeBytesMin = long.MaxValue };
        using var history = new SqlHistory(GatedSqliteDataSource.Durable(_directory["polyarb.db"]), GatedSqliteDataSource.Fast(_directory["events.db"]));
        using var watch = new AlertWatch(
            cluster.Grains, history, Desk(sending), setup, new LoggedErrors(), Here.Now, new StopOutcome(), _clock, NullLogger<AlertWatch>.Instance);
        await watch.StartAsync(Cancellation);

        await PassingTime.Until(_clock, TimeSpan.FromSeconds(1), () => _told.Reader.TryRead(out var alert) && alert.Text.StartsWith("The disk is nearly full, ", StringComparison.Ordinal));

        await watch.StopAsync(Cancellation);
        await sending.StopAsync(new CancellationToken(canceled: true));
    }

    private AlertDesk Desk(AlertSending sending) => new(new AlertFilter(AlertLevel.Info, quiet: null), sending, new Redactor([Secret]), _clock);

    private async Task<AlertSending> Sending()
    {
        var sending = new AlertSending([new KeptAlerts(_told.Writer)], _clock, NullLogger<AlertSending>.Instance);
        await sending.StartAsync(Cancellation);
        return sending;
    }
}
