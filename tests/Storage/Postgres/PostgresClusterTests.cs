using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;
using PolyArb.Silo.Hosting;
using PolyArb.Storage;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>Orleans itself over the statements of migrations/postgres: real silos on loopback, their membership and their grains' storage.</summary>
public sealed class PostgresClusterTests(PostgresServer server) : IAsyncLifetime
{
    private const string Kept = "kept";

    private readonly string _connection = server.Prepared();
    private readonly List<IHost> _silos = [];
    private PostgresDatabase _database = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _database = PostgresDatabase.Open(_connection, Store.Nobody);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos)
        {
            await silo.StopAsync(CancellationToken.None);
            silo.Dispose();
        }

        _database.Dispose();
    }

    [Fact]
    public async Task Silos_find_each_other_and_the_end_of_one_and_a_new_one()
    {
        var one = await Start();
        var other = await Start();
        await Sees(one, 2);
        await Sees(other, 2);

        await one.StopAsync(Cancellation);

        await Sees(other, 1);
        var next = await Start();
        await Sees(next, 2);
    }

    [Fact]
    public async Task State_that_one_silo_writes_another_reads_and_a_stale_version_conflicts()
    {
        var writer = Storage(await Start());
        var reader = Storage(await Start());
        var grain = GrainId.Create("test", "market:1");
        var (written, read) = (new GrainState<State> { State = new State { Text = "a" } }, new GrainState<State>());
        await writer.WriteStateAsync("market", grain, written);
        await reader.ReadStateAsync("market", grain, read);
        Assert.Equal(("a", true, written.ETag), (read.State!.Text, read.RecordExists, read.ETag));

        written.State!.Text = "b";
        await writer.WriteStateAsync("market", grain, written);
        read.State!.Text = "zombie";
        await Assert.ThrowsAsync<InconsistentStateException>(() => reader.WriteStateAsync("market", grain, read));
        await Assert.ThrowsAsync<InconsistentStateException>(() => reader.ClearStateAsync("market", grain, read));
        await Assert.ThrowsAsync<InconsistentStateException>(() => reader.WriteStateAsync("market", grain, new GrainState<State> { State = new State { Text = "first" } }));

        await reader.ReadStateAsync("market", grain, read);
        Assert.Equal("b", read.State!.Text);
        await reader.ClearStateAsync("market", grain, read);
        await writer.ReadStateAsync("market", grain, written);
        Assert.False(written.RecordExists);
    }

    /// <summary>What silos do to the table, one version after another.</summary>
    [Fact]
    public async Task The_table_of_silos_changes_from_the_version_that_was_read_only()
    {
        var silo = await Start();
        var table = silo.Services.GetRequiredService<IMembershipTable>();
        var read = await table.ReadAllAsync(Cancellation);
        var (old, next) = (read.Version, read.Version.Next());
        var entry = read.Members.Single().Item1;
        var ghost = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPAddress.Loopback, 1, 1),
            SiloName = "ghost",
            HostName = "here",
            Status = SiloStatus.Dead,
            ProxyPort = 2,
            StartTime = entry.StartTime,
            IAmAliveTime = entry.StartTime,
        };

        Assert.True(await table.InsertRowAsync(ghost, next, Cancellation));
        Assert.False(await table.InsertRowAsync(ghost, next, Cancellation)); // The version has moved on.
        Assert.False(await table.InsertRowAsync(ghost, next.Next(), Cancellation)); // It is there.
        var (now, etag) = (await table.ReadAllAsync(Cancellation), "");
        etag = now.Members.Single(member => member.Item1.SiloName == "ghost").Item2;
        Assert.Equal(old.Version + 1, now.Version.Version);
        ghost.AddSuspector(entry.SiloAddress, DateTime.UtcNow);
        Assert.False(await table.UpdateRowAsync(ghost, etag, next, Cancellation));
        Assert.True(await table.UpdateRowAsync(ghost, etag, now.Version.Next(), Cancellation));
        var row = (await table.ReadRowAsync(ghost.SiloAddress, Cancellation)).Members.Single().Item1;
        Assert.Equal((entry.SiloAddress, SiloStatus.Dead), (row.SuspectTimes!.Single().Item1, row.Status));

        await table.CleanupDefunctSiloEntriesAsync(DateTimeOffset.UtcNow.AddDays(1), Cancellation);
        Assert.Equal([entry.SiloAddress], (await table.ReadAllAsync(Cancellation)).Members.Select(member => member.Item1.SiloAddress)); // Who is active stays.

        using var connection = _database.Grains.OpenConnection();
        using var others = connection.Question("INSERT INTO OrleansMembershipVersionTable (DeploymentId, Timestamp) VALUES ('other', now())");
        others.ExecuteNonQuery();
        await table.DeleteMembershipTableEntriesAsync("other", Cancellation);
        using var left = connection.Question("SELECT string_agg(DeploymentId, ' ') FROM OrleansMembershipVersionTable");
        Assert.Equal(ClusterSetup.ClusterId, left.ExecuteScalar());
    }

    private async Task<IHost> Start()
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            new ClusterSetup(_database, _connection).Join(silo, IPAddress.Loopback, PrivatePostgres.FreePort(), PrivatePostgres.FreePort());
            silo.Services.AddSingleton<SystemTextJsonGrainStorageSerializer>();
            silo.AddAdoNetGrainStorage(Kept, options => (options.Invariant, options.DataSource) = ("Npgsql", _database.Grains));
            silo.Services.AddOptions<AdoNetGrainStorageOptions>(Kept) // As the silo does.
                .Configure<SystemTextJsonGrainStorageSerializer>((options, serializer) => options.GrainStorageSerializer = serializer);
        });
        var host = builder.Build();
        _silos.Add(host);
        await host.StartAsync(Cancellation);
        return host;
    }

    private static IGrainStorage Storage(IHost silo) => silo.Services.GetRequiredKeyedService<IGrainStorage>(Kept);

    private static Task Sees(IHost silo, int active) => FaultDay.Until(() => Task.FromResult(
        silo.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values.Count(member => member.Status is SiloStatus.Active) == active));

    public sealed class State
    {
        public string Text { get; set; } = "";
    }
}
