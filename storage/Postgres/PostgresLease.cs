using Npgsql;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>
/// The row `gateway_lease`. On a connection of its own, one question at a time, each answered within two seconds or not at all: a lease that is told late is
/// none. What was committed is on disk, so a server that crashes gives it to nobody else early.
/// </summary>
public sealed class PostgresLease(PostgresDatabase database) : IGatewayLease, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private NpgsqlConnection? _connection;

    public async Task<bool> Take(string owner, long fence, TimeSpan length) => await Ask(
        """
        UPDATE gateway_lease SET owner = @owner, fence = @fence, expires = clock_timestamp() + @length
        WHERE fence <= @fence AND (expires <= clock_timestamp() OR owner = @owner AND fence = @fence)
        RETURNING true
        """,
        ("owner", owner), ("fence", fence), ("length", length)) is true;

    public Task Release(string owner, long fence) => Ask(
        "UPDATE gateway_lease SET expires = '-infinity' WHERE owner = @owner AND fence = @fence", ("owner", owner), ("fence", fence));

    public Task MarkStart() => Ask("UPDATE gateway_lease SET must_start = true");

    public async Task<bool> IsStart() => await Ask("SELECT must_start FROM gateway_lease") is true;

    /// <summary>Not by a gateway of the past: the mark is a later start's.</summary>
    public Task ClearStart(long fence) => Ask("UPDATE gateway_lease SET must_start = false WHERE fence <= @fence", ("fence", fence));

    public async ValueTask DisposeAsync()
    {
        await Drop();
        _turn.Dispose();
    }

    /// <summary>The first column of the first row. A connection that was lost while nobody asked is replaced, and the question asked again.</summary>
    private async Task<object?> Ask(string sql, params (string Name, object? Value)[] values)
    {
        using var late = new CancellationTokenSource(Patience);
        try
        {
            await _turn.WaitAsync(late.Token);
        }
        catch (OperationCanceledException e)
        {
            throw Late(e);
        }

        try
        {
            var wasOpen = _connection is not null;
            try
            {
                return await Try(sql, values, late.Token);
            }
            catch (Exception e) when (wasOpen && PostgresTrouble.IsLost(e) && !late.IsCancellationRequested)
            {
                return await Try(sql, values, late.Token);
            }
        }
        catch (OperationCanceledException e)
        {
            throw Late(e);
        }
        catch (Exception e) when (PostgresTrouble.Explain(e, database.Name) is { } told)
        {
            throw told;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<object?> Try(string sql, (string Name, object? Value)[] values, CancellationToken late)
    {
        try
        {
            _connection ??= await Open(late);
            await using var command = _connection.Question(sql, values);
            return await command.ExecuteScalarAsync(late);
        }
        catch
        {
            await Drop();
            throw;
        }
    }

    private async Task<NpgsqlConnection> Open(CancellationToken late)
    {
        var connection = await database.Writers.OpenConnectionAsync(late);
        await using var first = connection.Question(Dialect.Postgres.Durable);
        await first.ExecuteNonQueryAsync(late);
        return connection;
    }

    private async ValueTask Drop()
    {
        if (_connection is { } connection) await connection.DisposeAsync();
        _connection = null;
    }

    private StorageException Late(Exception e) => new($"{database.Name} did not answer about the lease within {Patience.TotalSeconds:F0} s", e);
}
