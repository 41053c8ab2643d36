namespace PolyArb.Silo.Demo;

/// <summary>The local exchange was told to do what it cannot, in its own words: bad usage of the demo, too.</summary>
internal sealed class ExchangeUsageException(string message) : Exception(message);
