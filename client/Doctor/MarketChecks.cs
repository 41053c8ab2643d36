using Microsoft.Extensions.DependencyInjection;
using PolyArb.Domain.Books;
using PolyArb.Domain.Ports;

namespace PolyArb.Client.Doctor;

/// <summary>One market, as the bot would see it: which, its fee, its books, and with --place an order.</summary>
internal static class MarketChecks
{
    public static async Task<Check> Market(Patient patient) => (await patient.Subject).IsFound(out var subject, out var gap)
        ? Check.Pass($"{subject.Condition.Question} ({subject.Condition.Id}), {subject.Origin}")
        : gap.Found;

    /// <summary>Gamma and the order book must say the same, or it is not traded (protocol sheet 8).</summary>
    public static async Task<Check> Fee(Patient patient)
    {
        if (!(await patient.Subject).IsFound(out var subject, out var gap)) return gap.NotChecked;

        return subject.Condition.Fee is { } fee
            ? Check.Pass($"the catalogue and the order book say the same: {(fee.RateMicros == 0 ? "none" : $"rate {fee.RateMicros / 1e6m}, exponent {fee.Exponent}")}")
            : Check.Fail(subject.Problem ?? "unknown", "such a market is not traded; look at another one with --market");
    }

    public static async Task<Check> Books(Patient patient) => (await patient.Books).IsFound(out var books, out var gap)
        ? Check.Pass($"both tokens' books came and their hashes fit: {books.Proofs.Ok} proofs, last trade {(books.LastTrade is { Length: > 0 } price ? price : "none")}")
        : gap.Found;

    public static async Task<Finding<ConditionBook>> FindBooks(Patient patient)
    {
        if (!(await patient.Subject).IsFound(out var subject, out var gap)) return new(gap.Follows);

        return await new BookCheck(patient.Services.GetRequiredService<IMarketFeed>(), subject.Condition).Look(patient.Arguments.Patience, patient.Stop);
    }

    public static async Task<Check> Order(Patient patient)
    {
        if (!(await patient.Account).IsFound(out var account, out var keyless)) return keyless.NotChecked;
        if (!(await patient.Books).IsFound(out var books, out var gap)) return gap.NotChecked;

        if (patient.Stop.IsCancellationRequested) return Patient.Interrupted;

        return await new OrderCheck(account.Services.GetRequiredService<IVenue>(), patient.Time, patient.Arguments.Patience).Run(books);
    }
}
