namespace Testing.Tests;

public sealed class EventuallyTests
{
    [Fact]
    public async Task It_returns_as_soon_as_the_expected_is_read()
    {
        var reads = 0;

        Assert.Equal(3, await Eventually.Gives(() => Task.FromResult(++reads), read => read == 3));
    }

    [Fact]
    public async Task It_gives_up_and_says_what_it_waited_for_and_what_it_saw()
    {
        var patience = TimeSpan.FromMilliseconds(20);
        var failure = await Assert.ThrowsAsync<TimeoutException>(() =>
            Eventually.Gives(() => Task.FromResult(41), read => read == 42, patience, "the answer"));

        Assert.Contains("the answer", failure.Message, StringComparison.Ordinal);
        Assert.Contains("41", failure.Message, StringComparison.Ordinal);
    }
}
