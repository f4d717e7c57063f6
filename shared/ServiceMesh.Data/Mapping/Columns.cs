using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using NpgsqlTypes;
using ServiceMesh.Primitives;

namespace ServiceMesh.Data.Mapping;

/// <summary>How the types of the product are stored in columns, said once for all of Dapper.</summary>
internal static class Columns
{
    private static readonly Lock Gate = new();
    private static readonly HashSet<Type> Enums = [];
    private static bool _common;

    /// <summary>Registers the common types, and the enums of these assemblies as camelCase text.</summary>
    public static void Register(IEnumerable<Assembly> assemblies)
    {
        lock (Gate)
        {
            if (!_common) RegisterCommon();
            _common = true;
            var enums = assemblies.Append(typeof(Period).Assembly)
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.IsEnum && Enums.Add(type));
            foreach (var type in enums) RegisterEnum(type);
        }
    }

    private static void RegisterCommon()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.Settings.PreferTypeHandlersForEnums = true;

        // Dapper's own mapping of instants comes before handlers, and does not convert.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));

        // Npgsql gives an instant as DateTime in UTC to whoever does not name the type.
        Add(Of<DateTimeOffset, DateTimeOffset, DateTime>(
            NpgsqlDbType.TimestampTz, instant => instant.ToUniversalTime(), stored => new DateTimeOffset(stored)));
        Add(Of<Period, DateOnly, DateOnly>(NpgsqlDbType.Date, period => period.FirstDay, Period.Of));
        Add(Of<Currency, string, string>(NpgsqlDbType.Text, currency => currency.Code, Currency.Of));
        Add(Of<DateOnly>(NpgsqlDbType.Date));

        // These Dapper knows, but not their arrays as parameters of a constructor.
        AddArrays(Of<decimal>(NpgsqlDbType.Numeric));
        AddArrays(Of<long>(NpgsqlDbType.Bigint));
        AddArrays(Of<int>(NpgsqlDbType.Integer));
        AddArrays(Of<bool>(NpgsqlDbType.Boolean));
        AddArrays(Of<Guid>(NpgsqlDbType.Uuid));
        SqlMapper.AddTypeHandler(typeof(string[]), new TextsHandler());
    }

    /// <summary>There are many enums, and a service starts without looking at any.</summary>
    private static void RegisterEnum(Type type)
    {
        var late = new Lazy<Handlers>(() => (Handlers)OfEnumMethod.MakeGenericMethod(type).Invoke(null, null)!);
        Add(new Handlers(
            type,
            new LateHandler(() => late.Value.One),
            new LateHandler(() => late.Value.Many),
            new LateHandler(() => late.Value.ManyOptional)));
    }

    private static readonly MethodInfo OfEnumMethod =
        typeof(Columns).GetMethod(nameof(OfEnum), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static Handlers OfEnum<TEnum>()
        where TEnum : struct, Enum
    {
        var texts = Enum.GetValues<TEnum>().ToDictionary(value => value, TextOf);
        var values = texts.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        return Of<TEnum, string, string>(NpgsqlDbType.Text, value => texts[value], text => values[text]);
    }

    /// <summary>The same as on the wire.</summary>
    private static string TextOf<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        typeof(TEnum).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static Handlers Of<TValue>(NpgsqlDbType type)
        where TValue : struct =>
        Of<TValue, TValue, TValue>(type, value => value, value => value);

    private static Handlers Of<TValue, TWritten, TRead>(
        NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read)
        where TValue : struct
        where TWritten : notnull
        where TRead : notnull =>
        new(
            typeof(TValue),
            new ColumnHandler<TValue, TWritten, TRead>(type, write, read),
            new ArrayHandler<TValue, TWritten, TRead>(type, write, read),
            new NullableArrayHandler<TValue, TWritten, TRead>(type, write, read));

    private static void Add(Handlers handlers)
    {
        SqlMapper.AddTypeHandler(handlers.Type, handlers.One);
        AddArrays(handlers);
    }

    private static void AddArrays(Handlers handlers)
    {
        var nullable = typeof(Nullable<>).MakeGenericType(handlers.Type);
        SqlMapper.AddTypeHandler(handlers.Type.MakeArrayType(), handlers.Many);
        SqlMapper.AddTypeHandler(nullable.MakeArrayType(), handlers.ManyOptional);
    }

    /// <summary>Of a type, its arrays and the arrays in which values may be missing.</summary>
    private sealed record Handlers(
        Type Type, SqlMapper.ITypeHandler One, SqlMapper.ITypeHandler Many, SqlMapper.ITypeHandler ManyOptional);
}
