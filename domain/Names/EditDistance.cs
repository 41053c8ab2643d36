namespace PolyArb.Domain.Names;

/// <summary>How many letters must be put in, taken out, changed or swapped with their neighbour to make one text of another.</summary>
public static class EditDistance
{
    /// <summary>Null when it is more than wanted, which is found out early.</summary>
    public static int? Of(string one, string other, int atMost)
    {
        if (Math.Abs(one.Length - other.Length) > atMost) return null;

        var (before, previous, current) = (new int[other.Length + 1], new int[other.Length + 1], new int[other.Length + 1]);
        for (var column = 0; column <= other.Length; column++) previous[column] = column;
        for (var row = 1; row <= one.Length; row++)
        {
            current[0] = row;
            var least = row;
            for (var column = 1; column <= other.Length; column++)
            {
                var cost = one[row - 1] == other[column - 1] ? 0 : 1;
                var best = Math.Min(Math.Min(previous[column], current[column - 1]) + 1, previous[column - 1] + cost);
                if (row > 1 && column > 1 && one[row - 1] == other[column - 2] && one[row - 2] == other[column - 1]) best = Math.Min(best, before[column - 2] + 1);
                current[column] = best;
                least = Math.Min(least, best);
            }

            if (least > atMost) return null;

            (before, previous, current) = (previous, current, before);
        }

        return previous[other.Length] <= atMost ? previous[other.Length] : null;
    }
}
