using System.Collections.Immutable;

namespace PolyArb.Config;

/// <summary>A configuration to run with, or everything that is wrong with it.</summary>
public abstract record ConfigResult
{
    private ConfigResult()
    {
    }

    public sealed record Ok(PolyArbOptions Options, Secrets Secrets) : ConfigResult
    {
        /// <summary>One line for each key of the file that a variable beats with another value: who edits the file is not obeyed there. No line holds a secret.</summary>
        public ImmutableArray<string> Overruled { get; init; } = [];
    }

    /// <summary>Each line names where, which key, the value and what is legal. No line holds a secret.</summary>
    public sealed record Invalid(ImmutableArray<string> Lines) : ConfigResult;
}
