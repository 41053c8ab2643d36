using System.Diagnostics.CodeAnalysis;

namespace PolyArb.Client.Doctor;

internal enum CheckStatus
{
    Pass,
    Warn,
    Fail,
}

/// <summary>One line of the doctor's list.</summary>
/// <param name="Name">Given by the list it stands in.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Remedy">What to do about it; empty for a pass.</param>
internal sealed record Check(string Name, CheckStatus Status, string Detail, string Remedy)
{
    public static Check Pass(string detail) => new("", CheckStatus.Pass, detail, "");

    public static Check Warn(string detail, string remedy) => new("", CheckStatus.Warn, detail, remedy);

    public static Check Fail(string detail, string remedy) => new("", CheckStatus.Fail, detail, remedy);

    public static Check NotChecked(CheckStatus status, string because, string remedy) => new("", status, $"not checked because {because}", remedy);
}

/// <summary>Why something that several checks need is not there.</summary>
/// <param name="Found">The line of the check that looked for it.</param>
/// <param name="Because">The reason that the others give.</param>
internal sealed record Gap(Check Found, string Because)
{
    public Check NotChecked => Check.NotChecked(Found.Status, Because, Found.Remedy);

    /// <summary>What is missing because this is: not looked for.</summary>
    public Gap Follows => new(NotChecked, Because);
}

/// <summary>Something that several checks need, or why it is not there.</summary>
internal sealed class Finding<T>
    where T : class
{
    private readonly T? _value;
    private readonly Gap? _gap;

    public Finding(T value) => _value = value;

    public Finding(Gap gap) => _gap = gap;

    public bool IsFound([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out Gap? gap)
    {
        (value, gap) = (_value, _gap!);
        return value is not null;
    }
}
