using System.Runtime.CompilerServices;
using PolyArb.Config;

namespace PolyArb.Client.Doctor;

/// <summary>The doctor's list. Everything is looked at at once; what is found is told in the list's order.</summary>
internal sealed class Examination(DoctorArguments arguments, Surroundings surroundings)
{
    private static readonly (string Name, Func<Patient, Task<Check>> Look)[] OfTheVenue =
    [
        ("database", patient => patient.RevealDatabase() is { } connection
            ? LocalChecks.Database(patient.DataDirectory, connection)
            : LocalChecks.Database(patient.DataDirectory, patient.Options.Persistence, patient.Options.Recorder, patient.Arguments.Patience, patient.Stop)),
        ("clob-rest", patient => patient.Clob),
        ("clock", patient => patient.Clock),
        ("gamma", patient => patient.Gamma),
        ("market-stream", HostChecks.MarketStream),
        ("user-stream", HostChecks.UserStream),
        ("region", HostChecks.Region),
        ("version", HostChecks.Version),
        ("key", AccountChecks.Key),
        ("credentials", AccountChecks.Credentials),
        ("closed-only", AccountChecks.ClosedOnly),
        ("wallet", AccountChecks.Wallet),
        ("collateral", AccountChecks.Collateral),
        ("allowance-standard", AccountChecks.StandardAllowance),
        ("allowance-neg-risk", AccountChecks.NegRiskAllowance),
        ("allowance-v3", AccountChecks.V3Allowance),
        ("market", MarketChecks.Market),
        ("fee", MarketChecks.Fee),
        ("books", MarketChecks.Books),
        ("user-channel", AccountChecks.UserChannel),
        ("order", MarketChecks.Order),
    ];

    private (string Name, Func<Patient, Task<Check>> Look)[] Asked => arguments.Places ? OfTheVenue : OfTheVenue[..^1];

    public async IAsyncEnumerable<Check> Run([EnumeratorCancellation] CancellationToken stop)
    {
        var loaded = surroundings.Load(arguments.Config);
        yield return LocalChecks.Configuration(loaded, surroundings.ConfigFile(arguments.Config)) with { Name = "configuration" };
        yield return LocalChecks.EnvFile(surroundings.DotEnv) with { Name = "env-file" };
        yield return LocalChecks.Disk(surroundings.DataDirectory(arguments.Data)) with { Name = "disk" };
        if (loaded is not ConfigResult.Ok(var options, var secrets))
        {
            foreach (var (name, _) in Asked)
                yield return Check.NotChecked(CheckStatus.Fail, "the configuration is not valid", "change the configuration first") with { Name = name };

            yield break;
        }

        await using var patient = new Patient(options, secrets, surroundings.DataDirectory(arguments.Data), arguments, surroundings.Time, stop);
        var looks = Asked.Select(one => (one.Name, Found: one.Look(patient))).ToArray();
        foreach (var (name, found) in looks)
        {
            var check = await found;
            yield return check with { Name = name, Detail = patient.Redact(check.Detail), Remedy = patient.Redact(check.Remedy) };
        }
    }
}
