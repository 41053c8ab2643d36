using System.Data.Common;
using System.Globalization;
using System.Text;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Storage;

/// <summary>The statements that Orleans' grain storage runs, bound as its provider binds them. No row back is a conflict.</summary>
public abstract class GrainStorageScriptTests(Store store) : IDisposable
{
    public void Dispose()
    {
        store.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_state_goes_from_insert_over_updates_and_is_read_back()
    {
        Assert.Equal(1, await Write("a", version: null));
        Assert.Equal(2, await Write("b", version: 1));
        Assert.Equal(("b", 2), await Read());
    }

    [Fact]
    public async Task A_state_survives_a_restart()
    {
        await Write("a", version: null);

        store.Reopen();

        Assert.Equal(("a", 1), await Read());
    }

    [Fact]
    public async Task A_stale_update_conflicts()
    {
        await Write("a", version: null);
        await Write("b", version: 1);

        Assert.Null(await Write("zombie", version: 1));
        Assert.Equal(("b", 2), await Read());
    }

    [Fact]
    public async Task A_second_insert_conflicts()
    {
        await Write("a", version: null);

        Assert.Null(await Write("b", version: null));
        Assert.Equal(("a", 1), await Read());
    }

    [Fact]
    public async Task An_update_of_a_missing_state_conflicts_and_makes_none()
    {
        Assert.Null(await Write("a", version: 3));
        Assert.Null(await Read());
    }

    [Fact]
    public async Task Clearing_keeps_the_row_so_that_an_old_version_still_conflicts()
    {
        await Write("a", version: null);
        await Write("b", version: 1);

        Assert.Null(await Run("ClearStorageKey", null, 1, "k"));
        Assert.Equal(3, await Run("ClearStorageKey", null, 2, "k"));
        Assert.Equal((null, 3), await Read());
        Assert.Null(await Write("zombie", version: 2));
        Assert.Null(await Write("zombie", version: null));
        Assert.Equal(4, await Write("again", version: 3));
    }

    [Fact]
    public async Task Deleting_removes_the_row_of_that_version_only()
    {
        await Write("a", version: null);

        Assert.Null(await Run("DeleteStorageKey", null, 5, "k"));
        Assert.Equal(2, await Run("DeleteStorageKey", null, 1, "k"));
        Assert.Null(await Read());
    }

    [Fact]
    public async Task Keys_without_text_and_other_texts_are_rows_of_their_own()
    {
        Assert.Equal(1, await Run("WriteToStorageKey", "none", null, null));
        Assert.Equal(1, await Run("WriteToStorageKey", "k", null, "k"));
        Assert.Equal(1, await Run("WriteToStorageKey", "k2", null, "k2"));
        Assert.Equal(2, await Run("WriteToStorageKey", "none again", 1, null));

        Assert.Equal(3, store.Rows("SELECT 1 FROM OrleansStorage").Length);
    }

    [Fact]
    public async Task Of_eight_first_writers_one_wins()
    {
        for (var round = 0; round < 25; round++)
        {
            var key = $"race:{round}";
            var versions = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => Run("WriteToStorageKey", $"{i}", null, key))));
            Assert.Equal(1, versions.Count(version => version == 1));
            Assert.Equal(7, versions.Count(version => version is null));
        }
    }

    [Fact]
    public async Task Increments_by_compare_and_swap_lose_none()
    {
        await Write("0", version: null);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var done = 0; done < 25;)
            {
                var (payload, version) = (await Read())!.Value;
                if (await Write($"{int.Parse(payload!, CultureInfo.InvariantCulture) + 1}", version) is not null) done++;
            }
        })));

        Assert.Equal(("200", 201), await Read());
    }

    private Task<int?> Write(string payload, int? version) => Run("WriteToStorageKey", payload, version, "k");

    /// <summary>The new version, or null for a conflict.</summary>
    private async Task<int?> Run(string query, string? payload, int? version, string? key)
    {
        using var gate = await store.Database.Enter(TestContext.Current.CancellationToken);
        using var connection = Open();
        using var command = Command(connection, query, key, ("GrainStateVersion", version), ("PayloadBinary", payload is null ? null : Encoding.UTF8.GetBytes(payload)));
        return command.ExecuteScalar() is { } now ? Convert.ToInt32(now, CultureInfo.InvariantCulture) : null;
    }

    private async Task<(string? Payload, int Version)?> Read()
    {
        using var gate = await store.Database.Enter(TestContext.Current.CancellationToken);
        using var connection = Open();
        using var command = Command(connection, "ReadFromStorageKey", "k");
        using var row = command.ExecuteReader();
        if (!row.Read()) return null;
        return (row["PayloadBinary"] is byte[] payload ? Encoding.UTF8.GetString(payload) : null, Convert.ToInt32(row["Version"], CultureInfo.InvariantCulture));
    }

    /// <summary>As Orleans gets one.</summary>
    private DbConnection Open() => store.Database is PostgresDatabase postgres ? postgres.Grains.OpenConnection() : store.Database.OpenWriter();

    private static DbCommand Command(DbConnection connection, string query, string? key, params (string Name, object? Value)[] more)
    {
        using var text = connection.Question("SELECT QueryText FROM OrleansQuery WHERE QueryKey = @key", ("key", query));
        return connection.Question(
            (string)text.ExecuteScalar()!,
            [
                ("GrainIdHash", 17), ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainTypeHash", -5), ("GrainTypeString", "market"), ("GrainIdExtensionString", key),
                ("ServiceId", "polyarb"), .. more,
            ]);
    }
}

public sealed class SqliteGrainStorageScriptTests() : GrainStorageScriptTests(Store.Sqlite());

public sealed class PostgresGrainStorageScriptTests(PostgresServer server) : GrainStorageScriptTests(Store.Postgres(server));
