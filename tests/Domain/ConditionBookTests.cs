using PolyArb.Domain;
using PolyArb.Domain.Books;
using Xunit;

namespace PolyArb.Tests.Domain;

/// <summary>The life and the proof of one book. The venue's side is a book that says what it has with true hashes.</summary>
public class ConditionBookTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    private readonly Condition _condition = Given.Condition();
    private readonly VenueBook _venue = new(Given.Condition());
    private readonly ConditionBook _book = new(Given.Condition(), BookFormat.Of(Given.Condition()));

    public ConditionBookTests()
    {
        _venue.Set(Outcome.Yes, Side.Buy, 40, 100);
        _venue.Set(Outcome.Yes, Side.Sell, 50, 100);
    }

    [Fact]
    public void A_snapshot_proves_the_book_as_one_proof()
    {
        Assert.Equal(BookLife.Empty, _book.Life);
        Assert.False(_book.Prove());

        Apply(_venue.Snapshot());

        Assert.True(_book.Prove());
        Assert.Equal(new ProofCounts(1, 0, 0), _book.Proofs);
    }

    [Fact]
    public void A_snapshot_of_no_proves_the_same_book()
    {
        Apply(_venue.Snapshot(Outcome.No));
        Assert.Equal(ProofState.Proven, _book.Proof);
        Assert.Equal(Price.Cents(40), _book.Book.Yes.Bids.Best!.Value.Price);
    }

    [Fact]
    public void A_change_of_both_tokens_is_one_proof()
    {
        Apply(_venue.Snapshot());
        _venue.Ms++;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 41, 10));
        Assert.Equal(new ProofCounts(2, 0, 0), _book.Proofs);
    }

    [Fact]
    public void The_same_update_twice_is_one_proof()
    {
        Apply(_venue.Snapshot());
        _venue.Ms++;
        var change = _venue.Change(Outcome.Yes, Side.Buy, 41, 10);
        Apply(change, change);
        Assert.Equal(new ProofCounts(2, 0, 0), _book.Proofs);
        Assert.Equal(ProofState.Proven, _book.Proof);
    }

    [Fact]
    public void Is_unsettled_until_the_last_message_of_one_update()
    {
        Apply(_venue.Snapshot());
        var (first, second, third) = ThreeOfOneUpdate();

        Apply(first);
        Assert.Equal(ProofState.Unsettled, _book.Proof);
        Assert.False(_book.Prove());
        Apply(second);
        Assert.Equal(ProofState.Unsettled, _book.Proof);
        Apply(third);

        Assert.Equal(ProofState.Proven, _book.Proof);
        Assert.Equal(new ProofCounts(2, 0, 0), _book.Proofs);
    }

    [Fact]
    public void Another_update_of_the_same_token_fails_the_one_that_never_settled()
    {
        Apply(_venue.Snapshot());
        var (first, _, _) = ThreeOfOneUpdate();
        Apply(first);
        _venue.Ms++;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 10, 1));
        Assert.Equal(1, _book.Proofs.Failed);
        Assert.Equal(ProofState.Unsettled, _book.Proof); // Two levels are still missing from ours.
    }

    /// <summary>The next book, of another connection, may be of before or after an update that was under way.</summary>
    [Theory]
    [InlineData(-100)]
    [InlineData(1)]
    public void A_move_to_another_connection_fails_nothing_and_keeps_the_book(int ms)
    {
        Apply(_venue.Snapshot());
        var (first, _, _) = ThreeOfOneUpdate();
        Apply(first, BookUpdate.Moved(_condition.Id));
        Assert.Equal((BookLife.Synced, ProofState.Unknown), (_book.Life, _book.Proof));
        Assert.False(_book.Prove());

        _venue.Ms += ms;
        Apply(_venue.Snapshot());

        Assert.Equal(ms >= 0, _book.Prove()); // What lies behind is waited for.
        Assert.Equal((ProofState.Proven, new ProofCounts(2, 0, 0)), (_book.Proof, _book.Proofs));
    }

    /// <summary>The younger connection may lag: what it says first is a book that we know is over, proven or not.</summary>
    [Fact]
    public void After_a_move_a_book_is_not_trusted_before_it_is_where_it_was()
    {
        Apply(_venue.Snapshot());
        var before = _venue.Snapshot();
        _venue.Ms += 100;
        var change = _venue.Change(Outcome.Yes, Side.Buy, 41, 10);
        Apply(change);
        Assert.True(_book.Prove());

        Apply(BookUpdate.Moved(_condition.Id), before);
        Assert.Equal((BookLife.Synced, ProofState.Proven, false, false), (_book.Life, _book.Proof, _book.Prove(), _book.LooksTrusted));

        Apply(change);
        Assert.True(_book.Prove());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Another_hash_of_one_token_at_the_same_time_is_another_update(int token)
    {
        Apply(_venue.Snapshot());
        var (first, _, _) = ThreeOfOneUpdate();
        Apply(first with { Entries = first.Entries.Slice(token, 1) });
        var other = _venue.Change(Outcome.Yes, Side.Buy, 10, 1);
        Apply(other with { Entries = other.Entries.Slice(token, 1) });
        Assert.Equal(1, _book.Proofs.Failed);
    }

    [Fact]
    public void A_failed_book_is_healed_by_the_next_update_that_fits()
    {
        Apply(_venue.Snapshot());
        _venue.Ms++;
        var honest = _venue.Change(Outcome.Yes, Side.Buy, 41, 10);
        Apply(honest with { Entries = new[] { honest.Entries.Span[0] with { Hash = BookHash.Parse(new string('0', 40)) } } });
        _venue.Ms++;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 41, 11));
        Assert.Equal(new ProofCounts(2, 1, 0), _book.Proofs);
        Assert.True(_book.Prove());
    }

    [Fact]
    public void A_message_about_only_the_other_token_does_not_fail_it()
    {
        Apply(_venue.Snapshot());
        var (first, second, third) = ThreeOfOneUpdate();
        Apply(first with { Entries = first.Entries.Slice(0, 1) }, second with { Entries = second.Entries.Slice(1, 1) });
        Assert.Equal(0, _book.Proofs.Failed);
        Assert.Equal(ProofState.Unsettled, _book.Proof);

        Apply(third);
        Assert.Equal(0, _book.Proofs.Failed);
        Assert.Equal(ProofState.Proven, _book.Proof);
    }

    [Fact]
    public void An_update_that_does_not_settle_in_time_has_failed()
    {
        Apply(_venue.Snapshot());
        var (first, second, _) = ThreeOfOneUpdate();
        _book.Apply(first, Given.Noon);
        _book.Apply(second, Given.After(0.2)); // The first message's time counts.

        Assert.False(_book.IsOverdue(Given.After(0.249), Timeout));
        _book.Expire(Given.After(0.249), Timeout);
        Assert.Equal(ProofState.Unsettled, _book.Proof);

        Assert.True(_book.IsOverdue(Given.After(0.25), Timeout));
        _book.Expire(Given.After(0.25), Timeout);
        Assert.Equal(ProofState.Failed, _book.Proof);
        Assert.Equal(new ProofCounts(1, 1, 0), _book.Proofs);
        Assert.False(_book.IsOverdue(Given.After(9), Timeout));
    }

    /// <summary>The venue's price_change carries the last trade before the trade itself is heard of, in YES terms.</summary>
    [Theory]
    [InlineData(Outcome.Yes, Side.Buy, 40, "0.400")]
    [InlineData(Outcome.No, Side.Sell, 60, "0.400")]
    [InlineData(Outcome.Yes, Side.Sell, 50, "0.500")]
    [InlineData(Outcome.No, Side.Buy, 50, "0.5")]
    public void The_last_trade_is_found_at_the_level_that_changed(Outcome outcome, Side side, int cents, string lastTrade)
    {
        _venue.LastTrade = "0.123";
        Apply(_venue.Snapshot());
        (_venue.Ms, _venue.LastTrade) = (_venue.Ms + 1, lastTrade);
        Apply(_venue.Change(outcome, side, cents, 60));
        Assert.Equal(ProofState.Proven, _book.Proof);
        Assert.Equal(lastTrade, _book.LastTrade);
    }

    [Fact]
    public void A_trade_of_no_sets_the_last_trade_in_yes_terms()
    {
        Apply(_venue.Snapshot());
        Apply(BookUpdate.Trade(_condition.Id, _condition.No, _venue.Ms, Price.Cents(63), Size.Shares(1), Side.Buy));
        Assert.Equal("0.370", _book.LastTrade);

        (_venue.Ms, _venue.LastTrade) = (_venue.Ms + 1, "0.370");
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 20, 5));
        Assert.Equal(ProofState.Proven, _book.Proof);
    }

    [Fact]
    public void An_unknown_last_trade_is_searched_on_the_grid_of_a_snapshot()
    {
        var book = new ConditionBook(_condition with { LastTrade = null }, BookFormat.Of(_condition));
        _venue.LastTrade = "0.770";
        book.Apply(_venue.Snapshot() with { LastTrade = null }, Given.Noon);
        Assert.Equal(ProofState.Proven, book.Proof);
        Assert.Equal("0.770", book.LastTrade);
    }

    [Fact]
    public void A_tick_change_shuts_the_book_until_the_next_snapshot()
    {
        Apply(_venue.Snapshot());
        Apply(BookUpdate.TickChange(_condition.Id, _condition.Yes, _venue.Ms, Price.Parse("0.001")));
        Assert.Equal((BookLife.Stale, "tick change", 0), (_book.Life, _book.Cause, _book.Book.LevelCount));
        Assert.Equal(ProofState.Unknown, _book.Proof);

        _venue.Ms++;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 41, 10)); // The snapshot carries it.
        Assert.Equal((BookLife.Stale, 0), (_book.Life, _book.Book.LevelCount));

        var fine = new VenueBook(_condition with { Tick = Price.Parse("0.001") });
        fine.Set(Outcome.Yes, Side.Buy, 41, 10);
        Apply(fine.Snapshot());
        Assert.True(_book.Prove());
        Assert.Equal(Price.Parse("0.001"), _book.Tick);
    }

    [Fact]
    public void What_was_lost_needs_a_snapshot()
    {
        Apply(_venue.Snapshot());
        _book.Lose("reconnect");
        Assert.Equal((BookLife.Stale, "reconnect", false), (_book.Life, _book.Cause, _book.Prove()));
        Apply(_venue.Snapshot());
        Assert.Equal((BookLife.Synced, "", true), (_book.Life, _book.Cause, _book.Prove()));
    }

    [Fact]
    public void A_resolved_book_never_comes_back()
    {
        Apply(_venue.Snapshot());
        Apply(BookUpdate.Resolved(_condition.Id, _condition.Yes));
        Apply(_venue.Snapshot());
        _book.Lose("reconnect");
        Assert.Equal((BookLife.Ended, "resolved", 0), (_book.Life, _book.Cause, _book.Book.LevelCount));
    }

    [Fact]
    public void A_crossed_book_is_not_trusted_though_proven()
    {
        _venue.Set(Outcome.Yes, Side.Buy, 55, 1);
        Apply(_venue.Snapshot());
        Assert.Equal(ProofState.Proven, _book.Proof);
        Assert.False(_book.Prove());
    }

    [Fact]
    public void The_format_is_guessed_from_the_usual_values()
    {
        var odd = _condition with { MinOrderSize = Size.Shares(15), Tick = Price.Parse("0.001"), NegRisk = false };
        var venue = new VenueBook(odd);
        venue.Set(Outcome.Yes, Side.Buy, 40, 3);
        var book = new ConditionBook(_condition, format: null);
        book.Apply(venue.Snapshot() with { Tick = null }, Given.Noon);
        Assert.Equal(new ProofCounts(1, 0, 0), book.Proofs);
    }

    [Fact]
    public void What_no_guess_fits_is_unknown_and_not_failed()
    {
        var book = new ConditionBook(_condition, format: null);
        var snapshot = _venue.Snapshot() with { Hash = BookHash.Parse(new string('0', 40)) };
        book.Apply(snapshot, Given.Noon);
        Assert.Equal(new ProofCounts(0, 0, 1), book.Proofs);
        Assert.Equal(ProofState.Unknown, book.Proof);
    }

    [Fact]
    public void A_wrong_snapshot_has_failed()
    {
        Apply(_venue.Snapshot() with { Hash = BookHash.Parse(new string('0', 40)) });
        Assert.Equal((ProofState.Failed, new ProofCounts(0, 1, 0)), (_book.Proof, _book.Proofs));
    }

    [Fact]
    public void A_message_without_hash_proves_nothing_and_counts_nothing()
    {
        Apply(_venue.Snapshot() with { Hash = null });
        Assert.Equal((ProofState.Unknown, default(ProofCounts)), (_book.Proof, _book.Proofs));
    }

    /// <summary>A book held up on its way would put back what has been taken since.</summary>
    [Theory]
    [InlineData(5, true)] // Neighbours step back by a millisecond.
    [InlineData(6, false)]
    public void A_snapshot_older_than_a_proven_book_is_ignored_and_counted(int behindMs, bool taken)
    {
        var old = _venue.Snapshot();
        Apply(old);
        _venue.Ms += behindMs;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 41, 10));
        Apply(old);
        Assert.Equal(Price.Cents(taken ? 40 : 41), _book.Book.Yes.Bids.Best!.Value.Price);
        Assert.Equal(taken ? 0 : 1, _book.LateSnapshots);
        Assert.True(_book.Prove());
    }

    [Fact]
    public void A_late_snapshot_does_not_end_an_update_that_is_still_coming()
    {
        Apply(_venue.Snapshot());
        _venue.Ms += 10;
        var between = _venue.Snapshot();
        _venue.Ms += 10;
        var (first, second, third) = ThreeOfOneUpdate();
        Apply(first, second, between, third);
        Assert.Equal((1, ProofState.Proven), (_book.LateSnapshots, _book.Proof));
    }

    [Fact]
    public void A_failed_book_takes_a_snapshot_that_is_newer_than_its_last_proof()
    {
        var old = _venue.Snapshot();
        _venue.Ms += 10;
        Apply(_venue.Snapshot());
        _venue.Ms += 10;
        var missing = _venue.Snapshot();
        _venue.Ms += 10;
        var (first, _, _) = ThreeOfOneUpdate();
        Apply(first);
        _book.Expire(Given.After(1), Timeout);
        Assert.Equal(ProofState.Failed, _book.Proof);

        Apply(old);
        Assert.Equal((1, ProofState.Failed), (_book.LateSnapshots, _book.Proof));
        Apply(missing);
        Assert.Equal((1, ProofState.Proven), (_book.LateSnapshots, _book.Proof));
    }

    [Fact]
    public void After_a_loss_any_snapshot_is_taken()
    {
        var old = _venue.Snapshot();
        _venue.Ms += 1_000;
        Apply(_venue.Snapshot());
        _book.Lose("reconnect");
        Apply(old);
        Assert.True(_book.Prove());

        _venue.Ms -= 500;
        Apply(_venue.Snapshot()); // Newer than the one before, whatever came before the loss.
        Assert.Equal(0, _book.LateSnapshots);
    }

    [Fact]
    public void A_change_thrown_away_before_a_loss_says_nothing_about_the_snapshot_after_it()
    {
        var old = _venue.Snapshot();
        _venue.Ms += 1_000;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 41, 10));
        _book.Lose("reconnect");
        Apply(old);
        Assert.True(_book.Prove());
    }

    /// <summary>Its hash is true, of a moment before a change that was thrown away because a snapshot was to carry it.</summary>
    [Theory]
    [InlineData(5, ProofState.Proven)]
    [InlineData(6, ProofState.Failed)]
    public void A_first_snapshot_from_before_a_change_already_seen_is_not_trusted(int behindMs, ProofState proof)
    {
        var old = _venue.Snapshot();
        _venue.Ms += behindMs;
        Apply(_venue.Change(Outcome.Yes, Side.Buy, 41, 10), old);
        Assert.Equal((BookLife.Synced, proof), (_book.Life, _book.Proof));

        Apply(_venue.Snapshot());
        Assert.True(_book.Prove());
    }

    /// <summary>Protocol V2 says its version as the last key of the hashed text, or not: nobody has seen one.</summary>
    [Theory]
    [InlineData(ProtocolVersion.V1, "v2")]
    [InlineData(ProtocolVersion.V2, "v2")]
    [InlineData(ProtocolVersion.V2, null)]
    public void A_version_in_the_text_is_found_by_the_first_snapshot(ProtocolVersion protocol, string? version)
    {
        var condition = _condition with { Protocol = protocol };
        var book = new ConditionBook(condition, BookFormat.Of(condition));
        var text = new BookText();
        var format = BookFormat.Of(_condition) with { Version = version };
        book.Apply(_venue.Snapshot() with { Hash = Hash(Outcome.Yes) }, Given.Noon);
        Assert.Equal(new ProofCounts(1, 0, 0), book.Proofs);

        _venue.Ms++;
        var change = _venue.Change(Outcome.Yes, Side.Buy, 41, 10);
        var (yes, no) = (change.Entries.Span[0] with { Hash = Hash(Outcome.Yes) }, change.Entries.Span[1] with { Hash = Hash(Outcome.No) });
        book.Apply(change with { Entries = new[] { yes, no } }, Given.Noon);
        Assert.Equal(new ProofCounts(2, 0, 0), book.Proofs);

        BookHash Hash(Outcome outcome) => text.Hash(
            condition.Id, condition.Token(outcome), _venue.Ms, _venue.Book.Of(outcome), format, _venue.LastTrade);
    }

    [Fact]
    public void A_snapshot_of_a_token_that_is_not_ours_changes_nothing()
    {
        Apply(_venue.Snapshot() with { Token = new TokenId("9") });
        Assert.Equal(BookLife.Empty, _book.Life);
    }

    /// <summary>One match of three levels, told in three messages that carry the same timestamp and the final hashes.</summary>
    private (BookUpdate, BookUpdate, BookUpdate) ThreeOfOneUpdate()
    {
        _venue.Ms++;
        _venue.Set(Outcome.Yes, Side.Buy, 39, 7);
        _venue.Set(Outcome.Yes, Side.Buy, 38, 8);
        _venue.Set(Outcome.Yes, Side.Buy, 37, 9);
        return (
            _venue.Said(Outcome.Yes, Side.Buy, 39, 7), _venue.Said(Outcome.Yes, Side.Buy, 38, 8), _venue.Said(Outcome.Yes, Side.Buy, 37, 9));
    }

    private void Apply(params BookUpdate[] updates)
    {
        foreach (var update in updates) _book.Apply(update, Given.Noon);
    }
}
