namespace ServiceMesh.Primitives.Tests;

/// <summary>Every case of <c>split.json</c>.</summary>
public sealed class MoneySplitCases
{
    private static readonly Cases All = new("split");

    public static TheoryData<string> Names => All.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Gives_the_published_parts(string name)
    {
        var input = All[name].GetProperty("input");
        var expected = All[name].GetProperty("expected");
        var outcome = MoneySplit.ByWeights(input.Number("amount"), input.Currency(), input.Numbers("weights"));

        if (expected.TryGetProperty("refused", out var code))
        {
            Assert.Equal(code.GetString(), outcome.Refusal?.Code);
            Assert.Equal(RefusalKind.Rejected, outcome.Refusal!.Kind);
            return;
        }

        Assert.Equal(expected.Numbers("parts"), outcome.Value);
        Assert.Equal(expected.Number("sum"), outcome.Value.Sum());
        Assert.Equal(
            expected.Items("parts").Select(part => part.GetString()),
            outcome.Value.Select(part => input.Currency().Format(part)));
    }
}
