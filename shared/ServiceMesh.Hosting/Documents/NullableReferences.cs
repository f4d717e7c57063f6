using System.Reflection;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>
/// Says of members with a schema of their own that they may be null; a bare reference says that they may not.
/// </summary>
internal sealed class NullableReferences : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties: { Count: > 0 } members }) return;
        if (context.MemberInfo is not null) return;

        var nullability = new NullabilityInfoContext();
        foreach (var property in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            if (members.TryGetValue(name, out var member)
                && member is OpenApiSchemaReference reference
                && nullability.Create(property).ReadState == NullabilityState.Nullable)
            {
                members[name] = OrNull(reference);
            }
        }
    }

    private static OpenApiSchema OrNull(OpenApiSchemaReference reference)
    {
        var description = reference.Description;
        reference.Description = null;
        return new OpenApiSchema
        {
            Description = description,
            OneOf = [reference, new OpenApiSchema { Type = JsonSchemaType.Null }],
        };
    }
}
