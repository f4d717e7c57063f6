using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace ServiceMesh.Hosting.Documents;

/// <summary>
/// A member is required exactly where the reader requires it: <c>required</c>, or a constructor's parameter.
/// </summary>
internal sealed class RequiredMembers : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Properties.Count: > 0 } described || context.MemberInfo is not null) return;

        var positional = context.Type.GetConstructors()
            .SelectMany(constructor => constructor.GetParameters())
            .Where(parameter => !parameter.HasDefaultValue)
            .Select(parameter => parameter.Name);
        var named = context.Type.GetProperties()
            .Where(property => property.IsDefined(typeof(RequiredMemberAttribute)))
            .Select(property => property.Name);
        described.Required = positional.Concat(named).OfType<string>()
            .Select(JsonNamingPolicy.CamelCase.ConvertName)
            .Where(described.Properties.ContainsKey)
            .Order(StringComparer.Ordinal)
            .ToHashSet();
    }
}
