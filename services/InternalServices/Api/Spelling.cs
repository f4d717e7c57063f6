using System.Text.Json;

namespace InternalServices.Api;

/// <summary>How the API and the database spell values of an enum.</summary>
internal static class Spelling
{
    public static string Spelled(this Enum value) => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
