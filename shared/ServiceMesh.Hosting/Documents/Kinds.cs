using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>
/// Documents objects of several kinds as the reader tells them apart: <c>oneOf</c> the kinds, each with the member that
/// names it.
/// </summary>
internal sealed class Kinds : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema described || context.MemberInfo is not null) return;
        if (NameOf(context.Type) is { } name) DescribeAll(described, name, context);
        else if (context.Type.BaseType is { } all && KindOf(context.Type) is { } kind)
        {
            DescribeOne(described, NameOf(all)!, kind);
        }
    }

    private static void DescribeAll(OpenApiSchema described, string name, SchemaFilterContext context)
    {
        var kinds = context.Type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false).ToDictionary(
            kind => (string)kind.TypeDiscriminator!,
            kind => context.SchemaGenerator.GenerateSchema(kind.DerivedType, context.SchemaRepository));
        described.Type = JsonSchemaType.Object;
        described.Properties = null;
        described.AdditionalPropertiesAllowed = true;
        described.OneOf = [.. kinds.Values];
        described.Discriminator = new OpenApiDiscriminator
        {
            PropertyName = name,
            Mapping = kinds.ToDictionary(kind => kind.Key, kind => (OpenApiSchemaReference)kind.Value),
        };
    }

    private static void DescribeOne(OpenApiSchema described, string name, string kind)
    {
        var properties = described.Properties ?? new Dictionary<string, IOpenApiSchema>();
        described.Properties = new Dictionary<string, IOpenApiSchema>
        {
            [name] = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(kind)] },
        };
        foreach (var property in properties) described.Properties.Add(property);
        described.Required = new[] { name }.Concat(described.Required ?? Enumerable.Empty<string>()).ToHashSet();
    }

    /// <summary>The member that tells the kinds of this type apart; null where there is only one.</summary>
    private static string? NameOf(Type type) =>
        type.GetCustomAttribute<JsonPolymorphicAttribute>(inherit: false)?.TypeDiscriminatorPropertyName;

    private static string? KindOf(Type type) => type.BaseType!
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .FirstOrDefault(kind => kind.DerivedType == type)?
        .TypeDiscriminator as string;
}
