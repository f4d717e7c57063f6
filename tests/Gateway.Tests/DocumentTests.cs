using System.Net;
using System.Text.RegularExpressions;
using Gateway.Tests.Fixtures;
using Testing;
using Testing.Documents;

namespace Gateway.Tests;

/// <summary>The page, and the gateway's own API document with its examples.</summary>
public sealed partial class DocumentTests(Mesh mesh)
{
    private static readonly string Project = Repository.PathOf("services", "Gateway");

    [Fact]
    public async Task The_document_is_the_committed_one_and_its_examples_are_true()
    {
        await using var database = await Mesh.CreateDatabase();
        await using var gateway = await mesh.StartGateway([.. database.Settings]);
        using var client = gateway.Client();
        var document = await ApiDocumentFile.Read(client, "/openapi/gateway.json");
        var story = new ApiStory(client, document, Path.Combine(Project, "Examples"));
        (string, string) id = ("id", "billing-export");

        var created = await story.Tell("createClient", 201, mesh.Administrator);
        await story.Tell("listClients", 200, mesh.Administrator);
        await story.Tell("getClient", 200, mesh.Administrator, id);
        await story.Tell("addClientSecret", 201, mesh.Administrator, id);
        var first = created["client"]!["secrets"]![0]!["id"]!.GetValue<string>();
        await story.Tell("revokeClientSecret", 204, mesh.Administrator, id, ("secretId", first));
        await story.Tell("disableClient", 200, mesh.Administrator, id);
        await story.Tell("enableClient", 200, mesh.Administrator, id);

        story.End();
        await story.Spoil(database.Digest);
        document.CompareWith(Path.Combine(Project, "openapi.json"));
    }

    [Fact]
    public async Task The_documents_of_the_services_are_shown_to_everybody()
    {
        using var client = mesh.Gateway.Client();
        Assert.Equal("internal", (await client.Arrival("/openapi/internal.json")).Replica);
        Assert.Equal("external", (await client.Arrival("/openapi/external.json")).Replica);
    }

    [Fact]
    public async Task The_document_of_the_events_is_shown_to_everybody()
    {
        using var client = mesh.Gateway.Client();
        var shown = await client.GetStringAsync(new Uri("/openapi/events.json", UriKind.Relative));
        Assert.Equal(
            await File.ReadAllTextAsync(Repository.PathOf("shared", "ServiceMesh.Contracts", "asyncapi.json")), shown);
    }

    [Fact]
    public async Task The_page_names_all_documents_and_loads_nothing_from_elsewhere()
    {
        using var client = mesh.Gateway.Client();
        using var page = await client.GetAsync("/docs");
        var html = await page.Content.ReadAsStringAsync();
        var script = await client.GetStringAsync("/docs/index.js");

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        foreach (var document in new[] { "internal", "external", "gateway" })
        {
            Assert.Contains($"/openapi/{document}.json", script, StringComparison.Ordinal);
        }

        var loaded = Loaded().Matches(html).Select(match => match.Groups["url"].Value).ToArray();
        Assert.NotEmpty(loaded);
        var origin = new Uri(mesh.Gateway.Address, "/docs/");
        foreach (var url in loaded.Select(url => new Uri(origin, url)))
        {
            Assert.Equal(origin.Authority, url.Authority);
            using var answer = await client.GetAsync(url);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [GeneratedRegex("(?:src|href)=\"(?<url>[^\"]+)\"")]
    private static partial Regex Loaded();
}
