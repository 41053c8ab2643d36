using System.Reflection;
using PolyArb.Client;
using PolyArb.Config;
using PolyArb.Dashboard;
using PolyArb.Domain;
using PolyArb.Grains;
using PolyArb.Grains.Interfaces;
using PolyArb.Polymarket.MarketFeed;
using PolyArb.Report;
using PolyArb.Silo.Hosting;
using PolyArb.Simulator.Hosting;
using PolyArb.Storage;
using Xunit;

namespace PolyArb.Tests.Architecture;

public class DependencyTests
{
    /// <summary>What each project may know besides the BCL. A new word here is a design decision, so it is one a reviewer sees.</summary>
    public static TheoryData<Type, string> Projects => new()
    {
        { typeof(Price), "" },
        { typeof(IMarketGrain), "PolyArb.Domain Orleans.*" },
        { typeof(MarketGrain), "PolyArb.Domain PolyArb.Grains.Interfaces Orleans.*" },
        { typeof(MarketFrame), "PolyArb.Domain BouncyCastle.* Polly.*" },
        { typeof(SqlJournal), "PolyArb.Domain Microsoft.Data.Sqlite SQLitePCLRaw.* Npgsql Dapper dbup-*" },
        {
            typeof(SiloSetup),
            "PolyArb.Config PolyArb.Dashboard PolyArb.Domain PolyArb.Grains PolyArb.Grains.Interfaces PolyArb.Polymarket PolyArb.Report PolyArb.Storage Orleans.* Serilog* System.CommandLine OpenTelemetry* Telegram.Bot"
        },
        {
            typeof(ClientCommandLine),
            "PolyArb.Config PolyArb.Domain PolyArb.Grains.Interfaces PolyArb.Polymarket PolyArb.Report PolyArb.Storage Orleans.* Serilog System.CommandLine Spectre.Console*"
        },
        { typeof(BacktestPage), "PolyArb.Domain" },
        { typeof(DashboardReader), "PolyArb.Domain PolyArb.Grains.Interfaces Orleans.* MudBlazor Microsoft.JSInterop Microsoft.Net.Http.Headers" },
        { typeof(PolyArbOptions), "PolyArb.Domain Serilog YamlDotNet DotNetEnv Sprache" },
        { typeof(ExchangeHost), "BouncyCastle.* System.CommandLine YamlDotNet" },
    };

    [Theory]
    [MemberData(nameof(Projects), DisableDiscoveryEnumeration = true)]
    public void Each_project_knows_only(Type inProject, string allowed)
    {
        var patterns = allowed.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var unexpected = inProject.Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !IsFramework(name) && !patterns.Any(pattern => Matches(name, pattern)));

        Assert.Empty(unexpected);
    }

    /// <summary>The exchange judges us, so it must misunderstand the venue on its own.</summary>
    [Fact]
    public void The_exchange_shares_no_code_with_the_bot() => Assert.DoesNotContain(
        typeof(ExchangeHost).Assembly.GetReferencedAssemblies(),
        reference => reference.Name!.StartsWith("PolyArb", StringComparison.Ordinal));

    [Fact]
    public void Task_appears_in_the_domain_only_in_its_ports()
    {
        var strays = typeof(Price).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("PolyArb.Domain.Ports", StringComparison.Ordinal) == false)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => typeof(Task).IsAssignableFrom(method.ReturnType));

        Assert.Empty(strays);
    }

    private static bool IsFramework(string name) =>
        name.StartsWith("System.", StringComparison.Ordinal) && name != "System.CommandLine"
        || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
        || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
        || name is "netstandard" or "mscorlib" or "Microsoft.Win32.Primitives";

    private static bool Matches(string name, string pattern) => pattern.EndsWith('*')
        ? name.StartsWith(pattern[..^1], StringComparison.Ordinal)
        : name == pattern;
}
