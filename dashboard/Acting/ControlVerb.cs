namespace PolyArb.Dashboard;

public enum ControlVerb
{
    Pause,
    Resume,
    Flatten,
    Kill,
}

/// <summary>What a verb means, in the words of the button and of the question before it.</summary>
internal static class ControlVerbs
{
    public static string Promise(this ControlVerb verb) => verb switch
    {
        ControlVerb.Pause => "Opens no new baskets from here on. What is open is finished.",
        ControlVerb.Resume => "Opens new baskets again, with real orders unless this is a dry run. Does nothing in SAFE: pause first.",
        ControlVerb.Flatten => "Cancels all orders, reduces what is held as the configuration says, and ends in SAFE. This can take long.",
        ControlVerb.Kill => "Cancels all orders and ends in SAFE. After its answer nothing of ours is on the wire. Sells nothing.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    public static bool WantsReason(this ControlVerb verb) => verb is ControlVerb.Resume;
}
