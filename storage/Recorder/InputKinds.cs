using System.Diagnostics;
using PolyArb.Domain.Ports;

namespace PolyArb.Storage;

/// <summary>The words of a capture's "s".</summary>
public static class InputKinds
{
    public static string Word(InputKind kind) => kind switch
    {
        InputKind.Market => "market",
        InputKind.User => "user",
        InputKind.Rest => "rest",
        InputKind.Command => "command",
        InputKind.Params => "params",
        InputKind.Timer => "timer",
        InputKind.Call => "call",
        InputKind.Answer => "answer",
        InputKind.Turn => "turn",
        _ => throw new UnreachableException($"no word for {kind}"),
    };

    public static bool TryRead(string word, out InputKind kind)
    {
        foreach (var known in Enum.GetValues<InputKind>())
        {
            kind = known;
            if (Word(known) == word) return true;
        }

        kind = default;
        return false;
    }
}
