namespace PolyArb.Simulator.Api.RateLimits;

/// <summary>
/// How the limits of protocol 9 apply: in percent of the venue's numbers, 0 for none at all. The limits by signer only warn unless they
/// are enforced, as at the venue since 2026-07-24 (protocol 9.2); those by address always refuse.
/// </summary>
internal sealed record LimitOptions(int Percent = 100, bool SignersEnforced = false);
