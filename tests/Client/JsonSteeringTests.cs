using PolyArb.Simulator.Hosting;
using PolyArb.Tests.Grains;
using Xunit;

namespace PolyArb.Tests.Client;

/// <summary>The documents of the verbs that steer, in a silo of their own: the last of them ends it.</summary>
public sealed class JsonSteeringTests
{
    [Fact]
    public async Task What_a_verb_answers_is_as_it_was_read_last()
    {
        using var person = new Operator();
        await File.WriteAllTextAsync(
            person.Directory["config.yaml"], "risk: { drawdown_limit: 50 }\nruntime: { log_level: debug }\n", TestContext.Current.CancellationToken);
        await using var day = await Day.Start(
            new DayPlan { Exchange = new ExchangeOptions { Seed = 21, Quiet = true }, StartPaused = true, Reread = () => person.Surroundings.Load(config: null) },
            TestContext.Current.CancellationToken);
        person.Cluster = day.Client;
        await Recovered(day);

        foreach (var (line, exitCode) in JsonDocuments.Steering) await JsonDocuments.Keeps(person, line, exitCode);
    }

    private static async Task Recovered(Day day)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while ((await day.Control.Status()).Recovering) await Task.Delay(50, deadline.Token);
    }
}
