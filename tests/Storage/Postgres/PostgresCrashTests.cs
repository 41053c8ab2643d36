using System.Collections.Concurrent;
using PolyArb.Domain.Journal;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>A server of its own, which dies.</summary>
public sealed class PostgresCrashTests : IDisposable
{
    private readonly PrivatePostgres _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task What_was_acknowledged_is_there_once_however_often_the_server_is_killed()
    {
        using var database = PostgresDatabase.Open(_server.ConnectionTo("postgres"), Store.Nobody);
        await using var journal = new SqlJournal(database, patience: TimeSpan.FromMinutes(1));
        ConcurrentQueue<string> acknowledged = [];
        ConcurrentQueue<string> failed = [];
        using var over = new CancellationTokenSource();
        var writing = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; !over.IsCancellationRequested; i++)
            {
                var what = $"{writer}-{i}";
                try
                {
                    await journal.Append([Given.Error(what)], fence: 0);
                    acknowledged.Enqueue(what);
                }
                catch (StorageException)
                {
                    failed.Enqueue(what);
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        })).ToArray();

        for (var crash = 0; crash < 3; crash++)
        {
            var before = acknowledged.Count;
            while (acknowledged.Count < before + 200) await Task.Delay(5, TestContext.Current.CancellationToken);
            _server.Kill();
            _server.Start();
        }

        var last = acknowledged.Count;
        while (acknowledged.Count < last + 50) await Task.Delay(5, TestContext.Current.CancellationToken);
        await over.CancelAsync();
        await Task.WhenAll(writing);

        List<string> facts = [];
        await foreach (var fact in journal.ReadAll(TestContext.Current.CancellationToken)) facts.Add(((Fact.ErrorNoted)fact).What);
        Assert.NotEmpty(failed);
        Assert.Equal(acknowledged.Order(StringComparer.Ordinal), facts.Order(StringComparer.Ordinal)); // And what failed is not there.
    }

    [Fact]
    public async Task After_a_restart_in_good_order_the_next_append_works()
    {
        using var database = PostgresDatabase.Open(_server.ConnectionTo("postgres"), Store.Nobody);
        await using var journal = new SqlJournal(database);
        await journal.Append([Given.Error("before")], fence: 0);
        _server.Stop();

        var told = await Assert.ThrowsAsync<StorageException>(() => journal.Append([Given.Error("lost")], fence: 0));
        _server.Start();
        await journal.Append([Given.Error("after")], fence: 0);

        Assert.Contains("start PostgreSQL", told.Message, StringComparison.Ordinal);
        Assert.Equal(2, new JournalReader(database).Facts().Length);
    }
}
