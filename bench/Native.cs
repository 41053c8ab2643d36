using System.Runtime.InteropServices;

namespace PolyArb.Bench;

/// <summary>Two things of the C library that .NET has no words for.</summary>
internal static class Native
{
    private const int ThreadTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>What this thread alone has used of a processor.</summary>
    public static TimeSpan ThreadProcessorTime
    {
        get
        {
            if (ReadClock(ThreadTime, out var time) != 0) throw new InvalidOperationException("the thread's processor time is not known");
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1_000.0);
        }
    }

    /// <summary>Fifty microseconds or so more than was asked for, where Thread.Sleep knows only milliseconds.</summary>
    public static void Sleep(TimeSpan time)
    {
        _ = SleepMicros((uint)time.TotalMicroseconds); // A signal may end it early: whoever paces looks at the clock.
    }

    [DllImport("libc", EntryPoint = "usleep")]
    private static extern int SleepMicros(uint micros);

    [DllImport("libc", EntryPoint = "clock_gettime")]
    private static extern int ReadClock(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
