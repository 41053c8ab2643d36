namespace PolyArb.Config;

/// <summary>A text somebody wrote, and where: the file's path, `environment`, `set`.</summary>
internal readonly record struct Setting(string Source, string Name, string Text)
{
    /// <summary>What a person is told about a value that is not legal.</summary>
    public string Complaint(string legal) => $"{Statement}: {legal}";

    /// <summary>What stands where.</summary>
    public string Statement => $"{Source}: {Name} = {Shown(Text)}";

    /// <summary>A private key or a password that was pasted into the wrong place must not end in a log.</summary>
    private static string Shown(string text)
    {
        if (text.Contains("://", StringComparison.Ordinal) && text.Contains('@')) return "(an address with a user, not shown)";

        var run = 0;
        foreach (var character in text)
        {
            run = char.IsAsciiHexDigit(character) ? run + 1 : 0;
            if (run >= 64) return "(64 hex digits, not shown)";
        }

        return $"\"{(text.Length <= 80 ? text : text[..80] + "...")}\"";
    }
}
