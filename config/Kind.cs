using System.Diagnostics.CodeAnalysis;

namespace PolyArb.Config;

internal delegate bool TryRead<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>How one sort of parameter is read, how it is written back, and what a person is told is legal.</summary>
internal sealed record Kind<T>(string Legal, TryRead<T> TryRead, Func<T, string> Write);
