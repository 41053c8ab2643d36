using System.Threading.Channels;

namespace PolyArb.Client.Watch;

/// <summary>
/// Keys as they are pressed, read on a thread of their own: a read that waits keeps the terminal from showing them. The thread ends with
/// the process, which puts the terminal's modes back, or with the key that leaves.
/// </summary>
internal static class Keys
{
    /// <param name="isLast">After which nothing is read.</param>
    public static ChannelReader<ConsoleKeyInfo> Read(Func<ConsoleKeyInfo, bool> isLast)
    {
        var keys = Channel.CreateBounded<ConsoleKeyInfo>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
        if (Console.IsInputRedirected) return keys.Reader;

        new Thread(() =>
        {
            try
            {
                for (var isOver = false; !isOver;)
                {
                    var key = Console.ReadKey(intercept: true);
                    isOver = isLast(key);
                    keys.Writer.TryWrite(key);
                }
            }
            catch (InvalidOperationException)
            {
                // The terminal is gone; whoever sent it away sends a signal too.
            }
        })
        {
            IsBackground = true,
            Name = "keys",
        }.Start();
        return keys.Reader;
    }
}
