using System.Text;
using PolyArb.Domain.Books;
using PolyArb.Polymarket.MarketFeed;
using Xunit;

namespace PolyArb.Tests.Polymarket;

/// <summary>Real frames that third parties recorded. Not ours to ship: skipped where they are absent.</summary>
public class CaptureTests
{
    [Fact]
    public void Every_recorded_frame_is_in_the_venues_format()
    {
        foreach (var file in Captures.Files())
        {
            var events = 0;
            foreach (var (line, number) in File.ReadLines(file).Select((line, index) => (line, index + 1)))
            {
                var updates = new UpdateBuffer();
                Assert.True(MarketFrame.TryRead(Encoding.UTF8.GetBytes(Captures.FrameOf(line)), updates, out var summary), $"{file}:{number}");
                Assert.Equal(0, summary[FrameEvent.Other]);
                events += updates.Count;
            }

            Assert.NotEqual(0, events);
        }
    }
}
