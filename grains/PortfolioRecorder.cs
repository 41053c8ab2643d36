using System.Text;
using PolyArb.Domain;
using PolyArb.Domain.Journal;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Replay;
using PolyArb.Domain.Risk;

namespace PolyArb.Grains;

/// <summary>
/// Keeps every call the portfolio served, with its clock and answer. Their texts are made by the recorder's writer, one after the other,
/// and the digest with them: the portfolio only hands over what will not change any more.
/// </summary>
public sealed class PortfolioRecorder(IFrameTap tap)
{
    private PortfolioChain? _chain;
    private long _turns;
    private long _opened;
    private bool _isFrozen;

    /// <summary>Over what is written: to be read when the recorder has caught up. Null before the opening.</summary>
    public string? Digest => _chain?.Head;

    /// <summary>What the portfolio began with will not be in the recording for long: it should begin anew.</summary>
    public bool IsDue => !_isFrozen && _opened <= tap.Horizon;

    public void Opened(PortfolioOpened opened, Instant now)
    {
        if (_isFrozen) return;

        var text = DomainJson.Write(new RecordedOpening(opened));
        (_chain, _turns) = (new PortfolioChain(text), 0);
        _opened = tap.Take(InputKind.Params, PortfolioChain.Owner, Encoding.UTF8.GetBytes(text), now);
    }

    public void Turn(PortfolioCall call, PortfolioAnswer? answer, Instant now)
    {
        if (_isFrozen || _chain is not { } chain) return;

        var turn = new LateTurn(chain, ++_turns, call, answer, now);
        turn.At = tap.Take(InputKind.Call, PortfolioChain.Owner, turn.CallText, LateTurn.Bytes(call), now);
        if (answer is not null) tap.Take(InputKind.Answer, PortfolioChain.Owner, turn.AnswerText, LateTurn.AnswerBytes, now);
        tap.Take(InputKind.Turn, PortfolioChain.Owner, turn.Text, LateTurn.TurnBytes, now);
    }

    /// <summary>Nothing is kept from here on.</summary>
    public void Freeze() => _isFrozen = true;

    /// <summary>A turn whose texts nobody has asked for yet. They are asked for one at a time, in this order.</summary>
    private sealed class LateTurn(PortfolioChain chain, long number, PortfolioCall call, PortfolioAnswer? answer, Instant now)
    {
        public const int AnswerBytes = 200;
        public const int TurnBytes = 140;

        private string? _call;
        private string? _answer;

        /// <summary>The number of the call's row.</summary>
        public long At { get; set; }

        /// <summary>An estimate, for the bound of what waits: within a factor of two or so. What would not fit the bound by it is lost, so an announcement tells only of trades that matter.</summary>
        public static int Bytes(PortfolioCall call) => call switch
        {
            PortfolioCall.Reserve(var proposal) => 300 + (350 * (proposal.Orders.Length + (proposal.Basket?.Legs.Length ?? 0))),
            PortfolioCall.Settle(_, var settlements) => 50 + (700 * settlements.Length),
            PortfolioCall.Check(_, var signs) => 100 + (200 * signs.Answers.Length),
            PortfolioCall.Mark(var bids) => 150 + (110 * bids.Tokens.Length),
            PortfolioCall.Announce(var told) => 500 + (200 * (told.Positions.Length + told.Trades.Length + told.OpenBaskets.Length + (told.History?.Points.Length ?? 0)))
                + (500 * told.Consumed.Length),
            _ => 200,
        };

        public string CallText() => _call ??= DomainJson.Write(call);

        public string AnswerText() => _answer ??= DomainJson.Write(new RecordedAnswer(number, answer!));

        public string Text() => chain.Turn(number, At, CallText(), answer is null ? null : AnswerText(), now);
    }
}
