using System.Text.Json;
using PolyArb.Client;
using PolyArb.Simulator.Hosting;
using PolyArb.Tests.Storage;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>How a command ended and what it said.</summary>
internal sealed record Said(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;
}

/// <summary>Somebody at a shell in a directory of his own, with nothing in the environment but what the test puts there.</summary>
internal sealed class Operator : IDisposable
{
    /// <summary>Hardhat's first account: public, and rich on the local exchange.</summary>
    public const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    public const string Address = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";

    public TempDirectory Directory { get; } = new();

    public Dictionary<string, string> Environment { get; } = [];

    public TimeProvider Time { get; set; } = TimeProvider.System;

    public static Operator At(int port, string? key = Key)
    {
        var person = new Operator();
        person.Environment["CLOB_REST_URL"] = $"http://127.0.0.1:{port}";
        person.Environment["CLOB_WS_URL"] = $"ws://127.0.0.1:{port}/ws/";
        person.Environment["GAMMA_API_URL"] = $"http://127.0.0.1:{port}/gamma";
        if (key is not null) person.Environment["PRIVATE_KEY"] = key;
        return person;
    }

    public static Operator At(ExchangeHost exchange, string? key = Key) => At(exchange.Port, key);

    /// <summary>Asked in place of the silo that --silo names.</summary>
    public IClusterClient? Cluster { get; set; }

    public Surroundings Surroundings => new(Directory.Root, Environment, Time) { Cluster = Cluster };

    public async Task<Said> Run(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await ClientCommandLine.Run(arguments, output, error, Surroundings)
            .WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken);
        return new Said(code, output.ToString(), error.ToString());
    }

    /// <summary>What the exchange has written down of Hardhat's first account.</summary>
    public static async Task<JsonElement> Ledger(ExchangeHost exchange)
    {
        using var http = new HttpClient();
        using var ledger = JsonDocument.Parse(
            await http.GetStringAsync(new Uri($"http://127.0.0.1:{exchange.Port}/sim/ledger"), TestContext.Current.CancellationToken));
        return ledger.RootElement.GetProperty("accounts").GetProperty("0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266").Clone();
    }

    public void Dispose() => Directory.Dispose();
}
