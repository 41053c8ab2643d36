using System.Net.Sockets;
using Npgsql;

namespace PolyArb.Storage;

/// <summary>What PostgreSQL says when it says no, by its codes (PostgreSQL's documentation, appendix A). One line: what, where, and what to do about it.</summary>
internal static class PostgresTrouble
{
    public static StorageException? Explain(Exception e, string name) => e switch
    {
        StorageException told => told,
        InDoubtException { InnerException: { } lost } => Explain(lost, name),
        PostgresException refused => new StorageException(Words(refused, name), e),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException =>
            new StorageException($"{name} does not answer in time; look at PostgreSQL and the network to it", e),
        NpgsqlException { InnerException: SocketException reason } => new StorageException(
            $"{name} cannot be reached ({reason.SocketErrorCode}); start PostgreSQL, or check Host and Port of DATABASE_CONNECTION", e),
        NpgsqlException { InnerException: IOException } or IOException or SocketException =>
            new StorageException($"the connection to {name} was lost; look at PostgreSQL and the network to it", e),
        NpgsqlException other => new StorageException($"{name}: {other.Message.ReplaceLineEndings(" ")}", e),
        _ => null,
    };

    /// <summary>Integrity (23) and data (22) are about what was to be written.</summary>
    public static bool IsOfRow(Exception e) => e is PostgresException { SqlState: { Length: 5 } code } && code[..2] is "22" or "23";

    /// <summary>Whatever ends the session, and no answer in time does not: it may be slow for the next one too.</summary>
    public static bool IsLost(Exception e) => e switch
    {
        PostgresException refused => refused.SqlState is "57P01" or "57P02" or "57P05" or "25P03" || refused.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException or IOException or SocketException => true,
        _ => false,
    };

    private static string Words(PostgresException e, string name) => e.SqlState switch
    {
        "28P01" or "28000" => $"{name} refuses the user of DATABASE_CONNECTION ({e.MessageText}); check user and password there, and pg_hba.conf",
        "3D000" => $"{name} does not exist; create it (docs/operations.md), or mend DATABASE_CONNECTION",
        "42501" => $"the user of DATABASE_CONNECTION may not do that in {name} ({e.MessageText}); make it the owner of the database",
        "53300" => $"{name} takes no more connections; raise max_connections, or stop who else uses them",
        "53100" => $"no space left for {name}; free some and try again",
        "55P03" or "57014" => $"{name} is held up by another transaction; look at pg_stat_activity",
        "25006" => $"{name} is read-only; name the primary in DATABASE_CONNECTION",
        "57P01" or "57P02" or "57P03" => $"{name} is stopping or starting; try again when PostgreSQL runs",
        "25P03" => $"{name} ended a transaction that this process left alone for a second; it was stopped, or starved",
        _ => $"{name}: {e.MessageText.ReplaceLineEndings(" ")}",
    };
}
