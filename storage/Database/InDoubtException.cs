namespace PolyArb.Storage;

/// <summary>The answer to a commit was lost: what it was to write may be there, or may yet get there.</summary>
internal sealed class InDoubtException(Exception lost) : Exception(lost.Message, lost);
