namespace PolyArb.Storage;

/// <summary>The few places where SQLite's and PostgreSQL's SQL differ. Everything else is written once, in words that both take.</summary>
internal sealed record Dialect
{
    public static readonly Dialect Sqlite = new()
    {
        HoldFence = "SELECT token FROM fence", // The transaction is immediate: nobody else writes until it ends.
        SameKind = "kind = @kind COLLATE NOCASE",
        Durable = "", // As the file was opened.
        Relaxed = "PRAGMA synchronous=NORMAL",
        LockErrors = "",
        LeaveMark = "",
        KeepsAnyText = true,
    };

    public static readonly Dialect Postgres = new()
    {
        HoldFence = "SELECT token FROM fence FOR NO KEY UPDATE",
        SameKind = "lower(kind) = lower(@kind)",
        Durable = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
        Relaxed = "SET synchronous_commit = off",
        LockErrors = "SELECT pg_advisory_xact_lock(7020110)", // Of the error logs alone: the journal writes into that table too.
        LeaveMark =
            """
            INSERT INTO appends (journal, number, at) VALUES (@journal, @number, now())
            ON CONFLICT (journal) DO UPDATE SET number = excluded.number, at = excluded.at
            """,
        KeepsAnyText = false,
    };

    /// <summary>The newest fence, which nobody raises and no other journal appends under until this transaction ends.</summary>
    public required string HoldFence { get; init; }

    /// <summary>Facts of @kind, whatever case it is written in, by the index for it.</summary>
    public required string SameKind { get; init; }

    /// <summary>Said to a new connection: committed is on disk. Nothing when it is empty, as the others.</summary>
    public required string Durable { get; init; }

    /// <summary>Said to a new connection: a power loss may take the last commits.</summary>
    public required string Relaxed { get; init; }

    /// <summary>Before an error log numbers its row: those of other processes wait.</summary>
    public required string LockErrors { get; init; }

    /// <summary>See <see cref="AppendMark"/>; empty where a commit's answer cannot get lost.</summary>
    public required string LeaveMark { get; init; }

    /// <summary>Else no NUL, and no half of a surrogate pair.</summary>
    public required bool KeepsAnyText { get; init; }
}
