using PolyArb.Config;
using PolyArb.Domain;

namespace PolyArb.Silo.Alerts;

/// <summary>Something a person wants to hear of without asking.</summary>
/// <param name="Topic">Alerts of one topic repeat each other; null: this one stands for itself.</param>
/// <param name="Text">One line, or a few.</param>
/// <param name="IsEnd">What its topic was about is over.</param>
internal sealed record Alert(Instant At, AlertLevel Level, string? Topic, string Text, bool IsEnd = false);
