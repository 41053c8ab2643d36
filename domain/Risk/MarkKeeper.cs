using System.Collections.Immutable;
using PolyArb.Domain.Books;
using PolyArb.Domain.Edges;

namespace PolyArb.Domain.Risk;

/// <summary>
/// Decides what a market tells the portfolio of its bids, and when: of tokens that it holds or buys, on change, at most every 250 ms a
/// token, and all of them again now and then, for a portfolio that has begun anew.
/// </summary>
public sealed class MarkKeeper(MarketDesk desk, EdgePolicy policy)
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AgainAfter = TimeSpan.FromSeconds(5);

    private readonly Dictionary<TokenId, (TokenMark Mark, Instant At)> _said = [];
    private Dictionary<TokenId, ConditionBook> _held = [];
    private Instant? _saidAllAt;
    private long _pickedOff;
    private long _phantoms;

    /// <summary>The legs of open baskets and what is in stock.</summary>
    public void Hear(DeskInput.News news)
    {
        var legs = news.Baskets.SelectMany(open => open.Basket.Legs).Select(leg => leg.Token);
        var tokens = legs.Concat(news.Stocks.Select(stock => stock.Token)).ToHashSet();
        _held = desk.Books.SelectMany(book => new[] { (Token: book.Condition.Yes, Book: book), (Token: book.Condition.No, Book: book) })
            .Where(side => tokens.Contains(side.Token))
            .ToDictionary(side => side.Token, side => side.Book);
        foreach (var gone in _said.Keys.Where(token => !_held.ContainsKey(token)).ToArray()) _said.Remove(gone);
    }

    /// <summary>What is to be told now; null when there is nothing new.</summary>
    public MarketMark? Due(Instant now)
    {
        var isAgain = _saidAllAt is not { } last || (now - last >= AgainAfter && _held.Count > 0);
        var marks = _held.Select(held => MarkOf(held.Key, held.Value)).OfType<TokenMark>().Where(mark => isAgain || IsNew(mark, now)).ToImmutableArray();
        var (pickedOff, phantoms) = (desk.Guards.PickedOff.Count - _pickedOff, desk.Phantoms.Episodes.Values.Sum() - _phantoms);
        if (!isAgain && marks.IsEmpty && pickedOff == 0 && phantoms == 0) return null;

        foreach (var mark in marks) _said[mark.Token] = (mark, now);
        if (isAgain) _saidAllAt = now;
        (_pickedOff, _phantoms) = (_pickedOff + pickedOff, _phantoms + phantoms);
        return new MarketMark(
            desk.Market.Id, now, policy.Exhaustive(desk.Market), desk.Market.Conditions.Any(condition => condition.DelaysTakers), marks, (int)pickedOff, (int)phantoms);
    }

    private bool IsNew(TokenMark mark, Instant now) =>
        !_said.TryGetValue(mark.Token, out var said) || (said.Mark != mark && now - said.At >= Every);

    /// <summary>Null while the book is not to be trusted: the last bid stands.</summary>
    private static TokenMark? MarkOf(TokenId token, ConditionBook book)
    {
        if (book.Condition.IsClosed || book.Life is BookLife.Ended) return new TokenMark(token, null, IsOver: true);
        if (!book.LooksTrusted || book.Condition.OutcomeOf(token) is not { } outcome) return null;

        return new TokenMark(token, book.Open.Of(outcome).Bids.Best?.Price);
    }
}
