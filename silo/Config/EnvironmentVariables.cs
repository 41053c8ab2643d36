using System.Collections;

namespace PolyArb.Silo.Config;

public static class EnvironmentVariables
{
    /// <summary>The environment of this process.</summary>
    public static IReadOnlyDictionary<string, string> OfProcess() => Environment.GetEnvironmentVariables()
        .Cast<DictionaryEntry>()
        .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "");

    /// <summary>
    /// Stands in for the real environment under --demo: loopback addresses, the first of the public Hardhat accounts,
    /// every market, running. Used without .env, it leaves nothing of the configured venue, key, mode or markets.
    /// </summary>
    public static IReadOnlyDictionary<string, string> OfDemo(int exchangePort) => new Dictionary<string, string>
    {
        ["CLOB_REST_URL"] = $"http://127.0.0.1:{exchangePort}",
        ["CLOB_WS_URL"] = $"ws://127.0.0.1:{exchangePort}/ws/",
        ["GAMMA_API_URL"] = $"http://127.0.0.1:{exchangePort}",
        ["CHAIN_ID"] = "137",
        ["SIGNATURE_TYPE"] = "0",
        ["FUNDER"] = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        ["PRIVATE_KEY"] = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80",
        ["MARKETS"] = "all",
        ["DRY_RUN"] = "false",
        ["START_PAUSED"] = "false",
        ["BOT_MODE"] = "live",
        ["DB_PATH"] = "polyarb.db",
    };
}
