using System.Text.Json.Nodes;
using ServiceMesh.Messaging;
using Testing;

namespace Messaging.Tests.Documents;

public sealed class EventDocumentTests
{
    private static readonly JsonObject Document = EventDocument.Create();

    private static readonly string Committed = Repository.PathOf("shared", "ServiceMesh.Contracts", "asyncapi.json");

    public static TheoryData<string> Events => [.. EventType.All.Select(type => type.Type.Name)];

    [Fact]
    public void The_document_is_the_committed_one()
    {
        var text = Document.ToJsonString(Testing.Documents.Documents.Readable).ReplaceLineEndings("\n") + "\n";
        if (Testing.Documents.Documents.Update) File.WriteAllText(Committed, text);
        Assert.Equal(File.Exists(Committed) ? File.ReadAllText(Committed) : "", text);
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void An_example_follows_its_schema(string name)
    {
        var example = Example(name);
        Assert.Empty(SchemaCheck.Violations(Schema(name), example));

        // The check is one: an example that lacks a member or has one of another type is found.
        Assert.All(Schema(name)["required"]!.AsArray().Select(member => member!.GetValue<string>()), member =>
        {
            var without = example.DeepClone().AsObject();
            without.Remove(member);
            Assert.NotEmpty(SchemaCheck.Violations(Schema(name), without));
            without[member] = new JsonObject();
            Assert.NotEmpty(SchemaCheck.Violations(Schema(name), without));
        });
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_member_says_what_it_is(string name) =>
        Assert.All(Schema(name)["properties"]!.AsObject(), member =>
            Assert.NotNull(member.Value!["type"]));

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = References(Document).ToArray();
        Assert.NotEmpty(references);
        Assert.All(references, reference =>
        {
            JsonNode? target = Document;
            foreach (var step in reference.Split('/').Skip(1)) target = target?[step];
            Assert.NotNull(target);
        });
    }

    private static JsonObject Schema(string name) => Document["components"]!["schemas"]![name]!.AsObject();

    private static JsonObject Example(string name) =>
        Document["components"]!["messages"]![name]!["examples"]![0]!["payload"]!.AsObject();

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member =>
            member is { Key: "$ref", Value: { } reference }
                ? [reference.GetValue<string>()]
                : References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
