using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Hosting.Tests;

public sealed class HttpTests(SampleFixture fixture) : IClassFixture<SampleFixture>
{
    private const string Orders = "/internal/v1/orders";

    private readonly HttpClient _client = fixture.Client(fixture.Issuer.Provider());

    [Fact]
    public async Task The_same_key_and_body_give_the_first_answer_again()
    {
        var (first, body) = await Post("""{"code":"A-1","quantity":"2"}""", "once");
        var (again, repeated) = await Post("""{"code":"A-1","quantity":"2"}""", "once");

        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(body.ToJsonString(), repeated.ToJsonString());
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal("\"1\"", again.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        await Post("""{"code":"B-1","quantity":"2"}""", "reused");

        await Refused(Post("""{"code":"B-2","quantity":"2"}""", "reused"), 422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Somebody_elses_key_is_another_key()
    {
        await Post("""{"code":"C-1","quantity":"2"}""", "shared");
        using var other = fixture.Client(fixture.Issuer.Department("SALES"));

        var (answer, _) = await Post("""{"code":"C-2","quantity":"2"}""", "shared", other);
        var (again, _) = await Post("""{"code":"C-2","quantity":"2"}""", "shared", other);

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("true", again.Headers.GetValues("Idempotent-Replayed").Single());
    }

    [Fact]
    public async Task Many_at_once_with_one_key_have_one_effect()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Post("""{"code":"D-1","quantity":"2"}""", "together")));

        Assert.All(
            answers,
            given => Assert.True(given.Answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.Conflict));
        Assert.All(
            answers.Where(given => given.Answer.StatusCode == HttpStatusCode.Conflict),
            given => Assert.Equal("idempotency-key-in-use", given.Body["code"]!.GetValue<string>()));
        Assert.Single(
            answers.Where(given => given.Answer.StatusCode == HttpStatusCode.Created),
            given => !given.Answer.Headers.Contains("Idempotent-Replayed"));
    }

    [Fact]
    public async Task A_refused_request_does_not_use_up_its_key()
    {
        await Refused(Post("""{"code":"E 1","quantity":"2"}""", "retry"), 422, "invalid-fields", "/code");

        var (answer, _) = await Post("""{"code":"E-1","quantity":"2"}""", "retry");
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task A_key_is_required_where_documents_are_made() =>
        await Refused(Post("""{"code":"F-1","quantity":"2"}""", null), 400, "idempotency-key-required");

    [Theory]
    [InlineData("""{"code":1,"quantity":"2"}""", "/code")]
    [InlineData("""{"code":"G","quantity":2}""", "/quantity")]
    [InlineData("""{"code":"G","quantity":"NaN"}""", "/quantity")]
    [InlineData("""{"code":"G","quantity":"2","colour":"red"}""", "/colour")]
    [InlineData("""{"code":null,"quantity":"2"}""", "/code")]
    [InlineData("""{"code":"G"}""", "/quantity")]
    [InlineData("""{"code":"G","quantity":"2","lines":[{"quantity":"1"},{"quantity":"x"}]}""", "/lines/1/quantity")]
    [InlineData("""{"code":"G","code":"H","quantity":"2"}""", "/code")]
    [InlineData("""{"code":"G",""", "")]
    [InlineData("", null)]
    [InlineData("null", null)]
    public async Task An_unreadable_body_is_pointed_at(string body, string? pointer) =>
        await Refused(Post(body, "unreadable"), 400, "unreadable", pointer);

    [Fact]
    public async Task Every_bad_field_is_named_at_once()
    {
        var (_, problem) = await Post("""{"code":"-","quantity":"-1"}""", "fields");

        Assert.Equal(
            ["/code", "/quantity"],
            problem["errors"]!.AsArray().Select(error => error!["pointer"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_body_of_another_kind_or_size_is_refused()
    {
        var form = Post("code=A", "form", mediaType: "application/x-www-form-urlencoded");
        await Refused(form, 415, "unsupported-media-type");
        await Refused(Post(new string(' ', 9 * 1024 * 1024), "huge"), 413, "body-too-large");
    }

    [Fact]
    public async Task An_edit_names_the_version_that_it_is_based_on()
    {
        await Post("""{"code":"H-1","quantity":"2"}""", "edit");

        await Refused(Put("H-1", null), 428, "precondition-required");
        await Refused(Put("H-1", "\"7\""), 412, "changed-meanwhile");
        await Refused(Put("H-1", "\"x\""), 400, "unreadable");
        await Refused(Put("H-9", "\"1\""), 404, "order-not-found");
        var (answer, _) = await Put("H-1", "\"1\"");
        Assert.Equal("\"2\"", answer.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Lists_go_on_where_their_cursor_says()
    {
        foreach (var i in Enumerable.Range(0, 5)) await Post($$"""{"code":"Z-{{i}}","quantity":"1"}""", $"list-{i}");
        List<string> codes = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var page = JsonNode.Parse(await _client.GetStringAsync($"{Orders}?limit=2&cursor={cursor}"))!;
            codes.AddRange(page["items"]!.AsArray().Select(order => order!["code"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }

        Assert.Equal(["Z-0", "Z-1", "Z-2", "Z-3", "Z-4"], codes.Where(code => code[0] == 'Z'));
        Assert.Equal(codes.Distinct().Order(StringComparer.Ordinal), codes);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=501")]
    [InlineData("limit=ten")]
    [InlineData("cursor=nonsense")]
    [InlineData("cursor=WzFd")]
    public async Task A_list_refuses_what_is_no_limit_and_no_cursor(string query) =>
        await Refused(Read(await _client.GetAsync(new Uri($"{Orders}?{query}", UriKind.Relative))), 400, "unreadable");

    [Fact]
    public async Task A_bug_is_answered_without_its_secrets()
    {
        var (answer, problem) = await Read(await _client.GetAsync(new Uri($"{Orders}/fault", UriKind.Relative)));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("internal-error", problem["code"]!.GetValue<string>());
        Assert.DoesNotContain("secret", problem.ToJsonString(), StringComparison.Ordinal);
        Assert.NotNull(problem["traceId"]);
    }

    [Fact]
    public async Task Paths_and_methods_that_do_not_exist_are_problems_too()
    {
        using var nothing = await _client.GetAsync("/internal/v1/nothing");
        await Refused(Read(nothing), 404, "no-such-path");
        await Refused(Read(await _client.DeleteAsync(new Uri(Orders, UriKind.Relative))), 405, "method-not-allowed");
    }

    private Task<(HttpResponseMessage Answer, JsonNode Body)> Post(
        string body, string? key, HttpClient? client = null, string mediaType = "application/json")
    {
        var content = new StringContent(body, Encoding.UTF8, mediaType);
        var request = new HttpRequestMessage(HttpMethod.Post, Orders) { Content = content };
        if (key is not null) request.Headers.Add("Idempotency-Key", key);

        // A body that is refused for its size is then not sent at all.
        request.Headers.ExpectContinue = true;
        return Send(request, client ?? _client);
    }

    private Task<(HttpResponseMessage Answer, JsonNode Body)> Put(string code, string? match)
    {
        var request = new HttpRequestMessage(HttpMethod.Put, $"{Orders}/{code}")
        {
            Content = new StringContent("""{"quantity":"3"}""", new MediaTypeHeaderValue("application/json")),
        };
        if (match is not null) request.Headers.TryAddWithoutValidation("If-Match", match);
        return Send(request, _client);
    }

    private static async Task<(HttpResponseMessage Answer, JsonNode Body)> Send(
        HttpRequestMessage request, HttpClient client) =>
        await Read(await client.SendAsync(request));

    private static async Task<(HttpResponseMessage Answer, JsonNode Body)> Read(HttpResponseMessage answer) =>
        (answer, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);

    private static async Task Refused(
        Task<(HttpResponseMessage Answer, JsonNode Body)> given, int status, string code, string? pointer = null)
    {
        var (answer, problem) = await given;
        Assert.Equal((status, code), ((int)answer.StatusCode, problem["code"]!.GetValue<string>()));
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        if (pointer is not null) Assert.Equal(pointer, problem["errors"]![0]!["pointer"]!.GetValue<string>());
    }
}
