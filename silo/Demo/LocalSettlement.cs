using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PolyArb.Domain.Ports;
using PolyArb.Domain.Risk;

namespace PolyArb.Silo.Demo;

/// <summary>The local exchange's way to merge and convert at once (docs/exchange.md, /sim): for --demo and tests.</summary>
internal sealed class LocalSettlement(HttpClient http, Uri exchange, string account) : ISettlement
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public bool Acts => true;

    /// <summary>400 is the exchange's no, with one sentence; anything but that and 200 says nothing about what it did.</summary>
    public async Task<SettlementAnswer> Settle(SettlementCall call, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(AnswerWithin);
        try
        {
            var (path, body) = Request(call);
            using var answer = await http.PostAsJsonAsync(new Uri(exchange, path), body, deadline.Token);
            var text = await answer.Content.ReadAsStringAsync(deadline.Token);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => new SettlementAnswer.Done(),
                HttpStatusCode.BadRequest => new SettlementAnswer.Refused(text),
                var status => new SettlementAnswer.Unknown($"{(int)status} {text}"),
            };
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ConnectionError)
        {
            return new SettlementAnswer.Refused($"not sent: {e.Message}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            return new SettlementAnswer.Unknown(e.Message);
        }
    }

    public string Describe(SettlementCall call)
    {
        var (path, body) = Request(call);
        return $"POST {new Uri(exchange, path)} {JsonSerializer.Serialize(body)}";
    }

    private (string Path, object Body) Request(SettlementCall call) => call.Kind switch
    {
        SettlementKind.Merge => ("/sim/merge", new { account, condition = call.Gives[0].Condition.Text, amount = call.Shares.ToString() }),
        SettlementKind.Convert => ("/sim/convert", new { account, @event = call.Market.Text, questions = call.Questions, amount = call.Shares.ToString() }),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
