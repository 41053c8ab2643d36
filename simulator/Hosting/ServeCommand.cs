using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using PolyArb.Simulator.Faults;
using PolyArb.Simulator.Recordings;

namespace PolyArb.Simulator.Hosting;

/// <summary>serve: exit codes as of <see cref="CommandLine"/>; 1 means it could not listen or the engine broke.</summary>
internal static class ServeCommand
{
    private static readonly Option<int> Port = new("--port")
    {
        Description = "Port on 127.0.0.1; 0 takes any free one.",
        DefaultValueFactory = _ => 8787,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "Decides the listing, the opening books and the flow.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<int> Speed = new("--speed")
    {
        Description = "How fast the flow goes; 1 is normal, 0.25 a quarter, at most 100.",
        DefaultValueFactory = _ => 100,
        CustomParser = Percent,
    };

    private static readonly Option<string> FlowSwitch = new("--flow")
    {
        Description = "on or off; off leaves every book empty, or a capture's as they were first.",
        DefaultValueFactory = _ => "on",
    };

    private static readonly Option<string?> Capture = new("--capture")
    {
        Description = "A recorded capture to serve instead of a scenario; with the flow on it plays, with the flow off its first books stand.",
    };

    private static readonly Option<string?> Faults = new("--faults")
    {
        Description = "What goes wrong, and when: a name or a YAML or JSON file.",
    };

    private static readonly Option<int?> Parent = new("--parent") { Description = "Stop when this process is gone." };

    public static Command Build()
    {
        CommandLine.Require(Port, port => port is >= 0 and <= 65_535, "--port takes 0 to 65535");
        CommandLine.Require(FlowSwitch, f => f is "on" or "off", "--flow takes on or off");
        var serve = new Command("serve", "Run the exchange until it is told to stop.") { Port, Seed, CommandLine.Scenario, Speed, FlowSwitch, Capture, Faults, Parent };
        serve.SetAction(ServeAsync);
        return serve;
    }

    public static bool HasParent(ParseResult parsed) => parsed.GetResult(Parent) is not null;

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken stop)
    {
        if (CommandLine.ScenarioOf(parsed, out var scenario) is { } wrong) return await CommandLine.FailAsync(CommandLine.BadUsage, wrong);

        Recording? recording = null;
        if (parsed.GetValue(Capture) is { } file)
        {
            try
            {
                recording = Recording.Load(file);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                return await CommandLine.FailAsync(CommandLine.BadUsage, $"cannot read the capture {file}: {e.Message}");
            }

            foreach (var market in recording.Markets.Where(m => !m.Proven))
            {
                await Console.Error.WriteLineAsync($"the first book of {market.Condition.Id} does not verify: nobody will be able to prove it");
            }
        }

        FaultPlan? faults;
        try
        {
            faults = parsed.GetValue(Faults) is { } plan ? FaultFile.Load(plan) : null;
        }
        catch (FormatException e)
        {
            return await CommandLine.FailAsync(CommandLine.BadUsage, e.Message);
        }

        await using var log = new LinePrinter(Console.Out);
        var options = new ExchangeOptions
        {
            Faults = faults,
            FaultLog = log.Print,
            Recording = recording,
            Port = parsed.GetValue(Port),
            Seed = parsed.GetValue(Seed),
            SpeedPercent = parsed.GetValue(Speed),
            Flow = parsed.GetValue(FlowSwitch) == "on",
            Scenario = scenario,
        };
        try
        {
            await using var host = await ExchangeHost.StartAsync(options, stop);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"listening on http://127.0.0.1:{host.Port}"));
            await UntilStopped(host, parsed.GetValue(Parent), stop);
            if (host.Failure is not { } failure) return CommandLine.Done;

            return await CommandLine.FailAsync(CommandLine.Failed, $"the engine broke: {failure.Message}");
        }
        catch (FormatException e)
        {
            return await CommandLine.FailAsync(CommandLine.BadUsage, $"{parsed.GetValue(Faults)}: {e.Message}");
        }
        catch (IOException e)
        {
            return await CommandLine.FailAsync(CommandLine.Failed, $"cannot listen on port {options.Port}: {e.Message}");
        }
    }

    private static async Task UntilStopped(ExchangeHost host, int? parent, CancellationToken stop)
    {
        while (host.Failure is null && (parent is not { } id || Alive(id)))
        {
            await Task.Delay(1_000, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested) return;
        }
    }

    private static bool Alive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Reads "0.25" as 25 percent; no floating point on the way.</summary>
    private static int Percent(ArgumentResult result)
    {
        var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        if (fraction.Length <= 2 && whole.Length <= 3
            && int.TryParse(whole + fraction.PadRight(2, '0'), NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            && percent is >= 1 and <= 10_000)
        {
            return percent;
        }

        result.AddError("--speed takes a number from 0.01 to 100");
        return 0;
    }
}
