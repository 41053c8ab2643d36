using System.Data.Common;

namespace PolyArb.Storage;

/// <summary>
/// Where a history is kept: polyarb.db, or a database of PostgreSQL. Journal, error log, snapshots and history are written once, over this and
/// the classes of System.Data.Common.
/// </summary>
public interface IDatabase
{
    /// <summary>For messages: the file, or the database with its host and port.</summary>
    string Name { get; }

    /// <summary>Where its SQL is not the other's.</summary>
    internal Dialect Dialect { get; }

    /// <summary>The gate of the writers of this process; disposing it lets the next one in.</summary>
    internal ValueTask<IDisposable> Enter(CancellationToken cancellationToken = default);

    /// <summary>A connection for whoever is inside the gate each time he writes. Throws what <see cref="Explain"/> explains.</summary>
    internal DbConnection OpenWriter();

    /// <summary>A reader's own: it sees what is committed, and waits for no writer. Throws what <see cref="Explain"/> explains.</summary>
    internal DbConnection OpenReader();

    /// <summary>One line for a person; null: the exception is not the database's.</summary>
    internal StorageException? Explain(Exception e);

    /// <summary>About the row (a broken constraint, a value that cannot be kept), not about the database.</summary>
    internal bool IsOfRow(Exception e);

    /// <summary>The connection is gone, and another one may be had.</summary>
    internal bool IsLost(Exception e);
}
