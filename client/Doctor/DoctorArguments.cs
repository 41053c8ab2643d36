namespace PolyArb.Client.Doctor;

/// <summary>What `doctor` was asked.</summary>
/// <param name="Config">Null: config.yaml when there is one.</param>
/// <param name="Data">Null: data.</param>
/// <param name="Market">A market's or condition's id; null: one of the configuration, else one of the venue's.</param>
/// <param name="Places">Whether an order that cannot fill may be placed and cancelled.</param>
/// <param name="Patience">How long one check waits for an answer.</param>
internal sealed record DoctorArguments(string? Config, string? Data, string? Market, bool Places, TimeSpan Patience);
