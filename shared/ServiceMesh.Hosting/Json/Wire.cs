using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ServiceMesh.Hosting.Json;

/// <summary>The one JSON form of the API: camelCase, decimals and money as strings, unknown members refused.</summary>
public static class Wire
{
    public static JsonSerializerOptions Options { get; } =
        Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Problem answers leave out what they have nothing to say about.</summary>
    public static JsonSerializerOptions Problems { get; } =
        new(Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Makes the options speak the API's form; ASP.NET Core's own are set up with the same call.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;

        // Members come in any order, the one that names the kind of an object too.
        options.AllowOutOfOrderMetadataProperties = true;
        options.Converters.Add(new DecimalText());
        options.Converters.Add(new MoneyObject());
        options.Converters.Add(new PeriodText());
        options.Converters.Add(new CurrencyText());
        options.Converters.Add(new InstantText());
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        return options;
    }
}
