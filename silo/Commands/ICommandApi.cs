namespace PolyArb.Silo.Commands;

/// <summary>
/// What an operator may ask of this silo, through whatever channel he speaks: a channel finds out who he is and translates, nothing else.
/// Every method answers, also when the silo does not: it never throws for what the world does.
/// </summary>
internal interface ICommandApi
{
    Task<CommandAnswer> Status();

    /// <summary>Those that are switched on, and where their books stand.</summary>
    Task<CommandAnswer> Markets();

    /// <summary>Profit and loss.</summary>
    Task<CommandAnswer> Pnl();

    /// <param name="by">Who it is, for the journal.</param>
    Task<CommandAnswer> Pause(string by, string reason);

    Task<CommandAnswer> Resume(string by, string reason);

    /// <summary>Answers when all is flat, which may take as long as `trading_safety.flatten_timeout_sec`.</summary>
    Task<CommandAnswer> Flatten(string by, string reason);

    Task<CommandAnswer> Kill(string by, string reason);
}

/// <param name="IsDone">It did all that was asked for; else the text says what it could not.</param>
/// <param name="Text">For a person; one or several lines.</param>
internal sealed record CommandAnswer(bool IsDone, string Text);
