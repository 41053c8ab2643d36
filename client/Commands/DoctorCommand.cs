using PolyArb.Client.Doctor;

namespace PolyArb.Client.Commands;

/// <summary>`doctor`: needs no silo. Exit 0 when nothing fails.</summary>
internal sealed class DoctorCommand(Surroundings surroundings, Output output)
{
    private const int NameWidth = 24;

    public async Task<int> Run(DoctorArguments arguments, CancellationToken cancellation)
    {
        List<Check> checks = [];
        await foreach (var check in new Examination(arguments, surroundings).Run(cancellation))
        {
            checks.Add(check);
            if (!output.IsJson) Show(check);
        }

        if (output.IsJson)
            output.Document(checks.Select(check => new { name = check.Name, status = Output.Word(check.Status), detail = check.Detail, remedy = check.Remedy }));
        else
            output.Line($"{Count(CheckStatus.Pass)} passed, {Count(CheckStatus.Warn)} to look at, {Count(CheckStatus.Fail)} failed");

        return Count(CheckStatus.Fail) == 0 ? ExitCode.Ok : ExitCode.Failed;

        int Count(CheckStatus status) => checks.Count(check => check.Status == status);
    }

    private void Show(Check check)
    {
        var lines = check.Detail.Split('\n').Concat(check.Remedy.Length > 0 ? [$"-> {check.Remedy}"] : []);
        var head = $"{Output.Word(check.Status)}  {check.Name.PadRight(NameWidth)}";
        foreach (var line in lines)
        {
            output.Line(head + line);
            head = new string(' ', head.Length);
        }
    }
}
