using System.Collections.Immutable;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>Two rounds that agree, five seconds apart, for an order that was acknowledged; anything odd starts the count over.</summary>
public class MissedEndsTests
{
    private static readonly OrderId Id = new("o1");
    private static readonly Order Live = new Order(Given.Placed("o1")).Apply(new OrderEvent.Placed(Id));

    private readonly MissedEnds _ends = new();

    [Fact]
    public void Two_rounds_that_agree_prove_it_and_one_does_not()
    {
        _ends.Suspect(Id);
        Assert.Empty(Counted(10));
        Assert.Empty(_ends.Due([Live], Given.After(14.9)));
        Assert.Equal([Id], Counted(15));
        Assert.Empty(_ends.Due([Live], Given.After(20))); // No longer a suspect.
    }

    [Fact]
    public void Nothing_is_asked_about_without_suspicion_or_within_five_seconds_of_its_send()
    {
        Assert.Empty(_ends.Due([Live], Given.After(100)));
        _ends.Suspect(Id);
        Assert.Empty(_ends.Due([Live], Given.After(4.9)));
        Assert.Single(_ends.Due([Live], Given.After(5)));
    }

    public static TheoryData<OrderEvent[], bool> Kinds => new()
    {
        { [], false },
        { [new OrderEvent.Unanswered(Id, "no answer")], false },
        { [new OrderEvent.Rejected(Id, "no")], false },
        { [new OrderEvent.Canceled(Id, "cancel")], false },
        { [new OrderEvent.Matched(Id, Size.Shares(100), IsFinal: true)], false },
        { [new OrderEvent.Delayed(Id)], true },
        { [new OrderEvent.Placed(Id)], true },
        { [new OrderEvent.Matched(Id, Size.Shares(40), IsFinal: false)], true },
        { [new OrderEvent.Unanswered(Id, "no answer"), new OrderEvent.Absent(Id), new OrderEvent.Placed(Id)], true }, // Disputed.
    };

    [Theory]
    [MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void Only_what_the_venue_took_and_has_not_ended_is_asked_about(OrderEvent[] news, bool isAsked)
    {
        _ends.Suspect(Id);
        var order = news.Aggregate(new Order(Given.Placed("o1")), (before, item) => before.Apply(item));
        Assert.Equal(isAsked, _ends.Due([order], Given.After(100)).Length == 1);
    }

    [Fact]
    public void A_round_without_an_answer_starts_the_count_over()
    {
        _ends.Suspect(Id);
        Counted(10);
        _ends.Break(Given.After(15));
        Assert.Empty(Counted(20));
        Assert.Equal([Id], Counted(25));
    }

    [Fact]
    public void One_that_turns_up_is_no_suspect_and_starts_the_others_over()
    {
        var other = new Order(Given.Placed("o2")).Apply(new OrderEvent.Placed(new OrderId("o2")));
        _ends.Suspect(Id);
        _ends.Suspect(other.Id);
        _ends.Count(_ends.Due([Live, other], Given.After(10)), [], Given.After(10));
        Assert.Empty(_ends.Count(_ends.Due([Live, other], Given.After(15)), [other.Id], Given.After(15)));
        Assert.Equal([Live], _ends.Due([Live, other], Given.After(20)));
        Assert.Empty(Counted(20));
        Assert.Equal([Id], Counted(25));
    }

    [Fact]
    public void One_that_was_heard_of_during_a_round_starts_over()
    {
        _ends.Suspect(Id);
        Counted(10);
        Assert.Empty(_ends.Count([], [], Given.After(15)));
        Assert.Empty(Counted(20));
        Assert.Equal([Id], Counted(25));
    }

    [Fact]
    public void One_that_may_not_be_asked_about_must_be_suspected_again()
    {
        _ends.Suspect(Id);
        Counted(10);
        Assert.Empty(_ends.Due([], Given.After(15)));
        _ends.Suspect(Id);
        Assert.Empty(Counted(20));
        Assert.Equal([Id], Counted(25));
    }

    [Fact]
    public void A_clock_that_goes_back_starts_the_count_over()
    {
        _ends.Suspect(Id);
        Counted(100);
        Assert.Empty(_ends.Due([Live], Given.After(50)));
        Assert.Empty(Counted(55));
        Assert.Equal([Id], Counted(60));
    }

    private ImmutableArray<OrderId> Counted(double seconds)
    {
        var asked = _ends.Due([Live], Given.After(seconds));
        Assert.Single(asked);
        return _ends.Count(asked, [], Given.After(seconds));
    }
}
