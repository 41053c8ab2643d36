using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Doctor;

/// <summary>The condition that stands for all of the venue's.</summary>
/// <param name="Origin">Who chose it.</param>
/// <param name="ListsV2">A condition of Protocol V2 is listed.</param>
internal sealed record Subject(Condition Condition, string? Problem, string Origin, bool ListsV2)
{
    private const string Because = "there is no market to look at";

    public static async Task<Finding<Subject>> Find(Patient patient)
    {
        if (await patient.NoGamma() is { } silent) return new(silent.Follows);
        if (await patient.NoClob() is { } closed) return new(closed.Follows);

        return await patient.Within(Because, async deadline =>
        {
            var answer = await patient.Services.GetRequiredService<ICatalog>().Markets(deadline);
            if (answer.ValueOr(out var why) is not { IsDefault: false } markets) return new(new Gap(Check.Fail(why!, "try again"), Because));

            var condition = markets.SelectMany(market => market.Conditions).First(condition => condition.IsTradable);
            return new Finding<Subject>(new Subject(condition, null, "first of the catalogue", false));
        });
    }
}
