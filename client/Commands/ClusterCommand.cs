using System.Globalization;

namespace PolyArb.Client.Commands;

/// <summary>`cluster`: the silos as Orleans knows them.</summary>
internal static class ClusterCommand
{
    public static async Task<int> Run(SiloConnection silo, Output output)
    {
        var silos = await silo.Cluster.Silos();
        if (output.IsJson)
        {
            output.Document(new
            {
                silos = silos.Select(one => new
                {
                    address = one.Address,
                    name = one.Name,
                    status = one.Status,
                    version = one.Version,
                    startedAt = one.StartedAt.Millis,
                    gateway = one.HasGateway,
                    portfolio = one.HasPortfolio,
                    grains = one.Grains,
                    clients = one.Clients,
                    cpuPercent = one.CpuPercent,
                    memoryBytes = one.MemoryBytes,
                    overloaded = one.IsOverloaded,
                    markets = one.Markets,
                }),
            });
            return ExitCode.Ok;
        }

        output.Table(
            ["silo", "state", "version", "started", "markets", "grains", "clients", "cpu", "memory", "has"],
            silos.Select(one => new[]
            {
                one.Address, one.IsOverloaded ? $"{one.Status}, overloaded" : one.Status, one.Version, Output.Time(one.StartedAt), Number(one.Markets.Length),
                Number(one.Grains), Number(one.Clients),
                one.CpuPercent is { } cpu ? string.Create(CultureInfo.InvariantCulture, $"{cpu:F1} %") : "-",
                one.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1_000_000} MB") : "-",
                string.Join(", ", Roles(one)),
            }));
        return ExitCode.Ok;
    }

    private static IEnumerable<string> Roles(Grains.Interfaces.SiloView silo)
    {
        if (silo.HasGateway) yield return "gateway";
        if (silo.HasPortfolio) yield return "portfolio";
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
