using CsCheck;
using PolyArb.Domain;
using PolyArb.Report.Charts;
using Xunit;

namespace PolyArb.Tests.Report;

public class ScaleTests
{
    [Fact]
    public void Amounts_are_marked_at_round_figures_that_hold_all_values()
    {
        var scale = Scale.Around(Usd.Cents(999_000).Micros, Usd.Cents(1_004_000).Micros, steps: 5);

        Assert.Equal(
            [(0, "$9,990.00"), (2_000, "$10,000.00"), (4_000, "$10,010.00"), (6_000, "$10,020.00"), (8_000, "$10,030.00"), (10_000, "$10,040.00")],
            scale.Amounts().Select(mark => (mark.At, mark.Text)));
    }

    [Theory]
    [InlineData(1, "00:00:00.000 00:00:01.000")]
    [InlineData(10, "00:00:00 00:00:02 00:00:04 00:00:06 00:00:08 00:00:10")]
    [InlineData(3_600, "00:00 00:15 00:30 00:45 01:00")]
    [InlineData(86_400, "00:00 06:00 12:00 18:00 00:00")]
    [InlineData(345_600, "1 Mar|2 Mar|3 Mar|4 Mar|5 Mar")]
    public void Times_are_marked_at_round_times(long seconds, string marks)
    {
        var begin = Domain.SimulatedDays.Midnight;
        var scale = new Scale(begin.Micros, (begin + TimeSpan.FromSeconds(seconds)).Micros);

        Assert.Equal(marks.Split(marks.Contains('|', StringComparison.Ordinal) ? '|' : ' '), scale.Times(5).Select(mark => mark.Text));
    }

    [Fact]
    public void Whatever_the_ends_values_are_on_the_axis_and_marks_are_few_and_in_order() =>
        Gen.Select(Gen.Long[-1_000_000_000_000_000, 1_000_000_000_000_000], Gen.Long[0, 1_000_000_000_000_000], Gen.Int[2, 6]).Sample((min, span, steps) =>
        {
            var scale = Scale.Around(min, min + span, steps);

            Assert.InRange(scale.At(min), 0, Scale.Length);
            Assert.InRange(scale.At(min + span), scale.At(min), Scale.Length);
            var amounts = scale.Amounts().Select(mark => mark.At).ToArray();
            Assert.InRange(amounts.Length, 2, steps + 3);
            Assert.Equal(amounts.Order().Distinct(), amounts);
            Assert.All(amounts, at => Assert.InRange(at, 0, Scale.Length));
        });

    [Fact]
    public void Whatever_the_span_times_are_few_in_order_and_on_the_axis() =>
        Gen.Select(Gen.Long[0, 2_000_000_000_000_000], Gen.Long[0, 100_000_000_000_000]).Sample((from, span) =>
        {
            var marks = new Scale(from, from + span).Times(5).Select(mark => mark.At).ToArray();

            Assert.InRange(marks.Length, 1, 6);
            Assert.Equal(marks.Order(), marks);
            Assert.All(marks, at => Assert.InRange(at, 0, Scale.Length));
        });
}
