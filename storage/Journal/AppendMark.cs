namespace PolyArb.Storage;

/// <summary>
/// What a journal leaves in each of its transactions, so that it can ask afterwards whether one is there: its number, in a row of the journal's
/// own. Whoever asks holds the fence, so the transaction has ended, one way or the other.
/// </summary>
internal sealed class AppendMark(Dialect dialect)
{
    private readonly Guid _journal = Guid.NewGuid();
    private long _number;

    public void Leave(Statements statements)
    {
        if (dialect.LeaveMark.Length > 0) statements.Execute(dialect.LeaveMark, new { journal = _journal, number = ++_number });
    }

    /// <summary>Whether the last one that was left got there.</summary>
    public bool IsThere(Statements statements) =>
        statements.Scalar("SELECT number FROM appends WHERE journal = @journal", new { journal = _journal }) as long? == _number;
}
