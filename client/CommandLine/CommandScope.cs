using System.CommandLine;
using System.Globalization;
using PolyArb.Domain;

namespace PolyArb.Client.CommandLine;

/// <summary>What every group of commands is made with: the options they share, where output goes, and the way to a silo.</summary>
internal sealed class CommandScope(TextWriter output, Window window, Surroundings surroundings)
{
    private readonly Option<string> _silo = new("--silo")
    {
        HelpName = "HOST:PORT[,HOST:PORT]",
        Description = "where the silo listens",
        DefaultValueFactory = _ => "localhost:30000",
        Recursive = true,
    };

    private readonly Option<bool> _json = new("--json") { Description = "one JSON document on stdout and nothing else", Recursive = true };

    private readonly Option<int> _timeout = new("--timeout")
    {
        HelpName = "S",
        Description = "longest wait for an answer, in seconds",
        DefaultValueFactory = _ => 30,
        Recursive = true,
    };

    /// <summary>The options of every command.</summary>
    public IEnumerable<Option> Shared => [_silo, _json, _timeout];

    public Option<bool> Json => _json;

    public Surroundings Surroundings => surroundings;

    public Window Window => window;

    public Output OutputOf(ParseResult given) => new(given.GetValue(_json), output, window);

    public TimeSpan Timeout(ParseResult given) => TimeSpan.FromSeconds(given.GetValue(_timeout));

    /// <summary>What --timeout says, or this when it says nothing.</summary>
    public TimeSpan Timeout(ParseResult given, TimeSpan usual) => given.GetResult(_timeout) is { Implicit: false } ? Timeout(given) : usual;

    /// <summary>Where --silo points to.</summary>
    public string AddressOf(ParseResult given) => given.GetValue(_silo)!;

    /// <param name="timeout">Longest wait for one answer.</param>
    public Task<SiloConnection> Connect(ParseResult given, TimeSpan timeout, CancellationToken cancellation) => surroundings.Cluster is { } cluster
        ? Task.FromResult(SiloConnection.Over(cluster))
        : SiloConnection.Open(AddressOf(given), surroundings.ControlToken, timeout, cancellation);

    public async Task<int> WithSilo(ParseResult given, Func<SiloConnection, Output, Task<int>> act, CancellationToken cancellation)
    {
        await using var silo = await Connect(given, Timeout(given), cancellation);
        return await act(silo, OutputOf(given));
    }

    /// <summary>A command of a silo that takes nothing but the shared options.</summary>
    public Command Remote(string name, string description, Func<SiloConnection, Output, Task<int>> act)
    {
        var command = new Command(name, description);
        command.SetAction((given, cancellation) => WithSilo(given, act, cancellation));
        return command;
    }

    public static Option<string?> Config() =>
        new("--config") { HelpName = "FILE", Description = "the silo's configuration (default config.yaml, if there is one)" };

    public static Option<string?> Data() => new("--data") { HelpName = "DIR", Description = "the silo's data directory (default ./data)" };

    public static Option<Instant?> Time(string name, string description)
    {
        var option = new Option<Instant?>(name) { HelpName = "T", Description = $"{description}: as 2026-11-26T14:30:00Z, or milliseconds of Unix time" };
        option.CustomParser = given =>
        {
            var text = given.Tokens[0].Value;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var millis) && millis < 1_000_000_000_000_000) return Instant.FromMillis(millis);
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)) return Instant.From(time);

            given.AddError($"{name}: '{text}' is no time: as 2026-11-26T14:30:00Z, or milliseconds of Unix time");
            return null;
        };
        return option;
    }
}
