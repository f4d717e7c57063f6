using System.Net;
using System.Text.Json.Nodes;

namespace Hosting.Tests;

public sealed class FormsTests(SampleFixture sample) : IClassFixture<SampleFixture>
{
    private static readonly Uri Report = new("/internal/v1/orders/report", UriKind.Relative);

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("text/csv", "text/csv")]
    [InlineData("text/*", "text/csv")]
    [InlineData("application/pdf;q=0.5, text/csv;q=0.9", "text/csv")]
    [InlineData("text/html, application/pdf", "application/pdf")]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "application/json")]
    [InlineData("*/*, application/json;q=0", "text/csv")]
    public async Task The_best_liked_form_is_given(string? accept, string mediaType)
    {
        using var answer = await Get(accept);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task What_is_not_offered_is_not_acceptable()
    {
        using var answer = await Get("image/png");
        Assert.Equal(HttpStatusCode.NotAcceptable, answer.StatusCode);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal("not-acceptable", (string)problem["code"]!);
        Assert.Contains("text/csv", (string)problem["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_has_a_name_and_a_version_and_may_run_nothing()
    {
        using var answer = await Get("text/csv");
        Assert.Equal("R,1", await answer.Content.ReadAsStringAsync());
        Assert.Equal("\"1\"", answer.Headers.ETag!.Tag);
        Assert.Equal("report", answer.Content.Headers.ContentDisposition!.FileName!.Trim('"'));
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("sandbox", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task Every_form_is_documented()
    {
        using var client = sample.Client(token: null);
        var path = new Uri("/openapi/internal.json", UriKind.Relative);
        var document = JsonNode.Parse(await client.GetStringAsync(path))!;
        var answers = document["paths"]!["/internal/v1/orders/report"]!["get"]!["responses"]!;
        Assert.Equal(
            ["application/json", "text/csv", "application/pdf"],
            answers["200"]!["content"]!.AsObject().Select(form => form.Key));
        Assert.NotNull(answers["406"]);
    }

    private async Task<HttpResponseMessage> Get(string? accept)
    {
        using var client = sample.Client(sample.Issuer.Provider());
        using var request = new HttpRequestMessage(HttpMethod.Get, Report);
        if (accept is not null) request.Headers.TryAddWithoutValidation("Accept", accept);
        return await client.SendAsync(request);
    }
}
