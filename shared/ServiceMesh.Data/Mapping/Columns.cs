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
            foreach (var type in enums)
            {
                RegisterEnumMethod.MakeGenericMethod(type).Invoke(null, null);
            }
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
        Add<DateTimeOffset, DateTimeOffset, DateTime>(
            NpgsqlDbType.TimestampTz, instant => instant.ToUniversalTime(), stored => new DateTimeOffset(stored));
        Add<Period, DateOnly, DateOnly>(NpgsqlDbType.Date, period => period.FirstDay, Period.Of);
        Add<Currency, string, string>(NpgsqlDbType.Text, currency => currency.Code, Currency.Of);
        Add<DateOnly>(NpgsqlDbType.Date);

        // These Dapper knows, but not their arrays as parameters of a constructor.
        AddArrays<decimal>(NpgsqlDbType.Numeric);
        AddArrays<long>(NpgsqlDbType.Bigint);
        AddArrays<int>(NpgsqlDbType.Integer);
        AddArrays<bool>(NpgsqlDbType.Boolean);
        AddArrays<Guid>(NpgsqlDbType.Uuid);
        SqlMapper.AddTypeHandler(typeof(string[]), new TextsHandler());
    }

    private static readonly MethodInfo RegisterEnumMethod =
        typeof(Columns).GetMethod(nameof(RegisterEnum), BindingFlags.NonPublic | BindingFlags.Static)!;

    private static void RegisterEnum<TEnum>()
        where TEnum : struct, Enum
    {
        var texts = Enum.GetValues<TEnum>().ToDictionary(value => value, TextOf);
        var values = texts.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        Add<TEnum, string, string>(NpgsqlDbType.Text, value => texts[value], text => values[text]);
    }

    /// <summary>The same as on the wire.</summary>
    private static string TextOf<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        typeof(TEnum).GetField(value.ToString())!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
            ?? JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static void Add<TValue>(NpgsqlDbType type)
        where TValue : struct =>
        Add<TValue, TValue, TValue>(type, value => value, value => value);

    private static void Add<TValue, TWritten, TRead>(
        NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read)
        where TValue : struct
        where TWritten : notnull
        where TRead : notnull
    {
        SqlMapper.AddTypeHandler(typeof(TValue), new ColumnHandler<TValue, TWritten, TRead>(type, write, read));
        AddArrays(type, write, read);
    }

    private static void AddArrays<TValue>(NpgsqlDbType type)
        where TValue : struct =>
        AddArrays<TValue, TValue, TValue>(type, value => value, value => value);

    private static void AddArrays<TValue, TWritten, TRead>(
        NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read)
        where TValue : struct
        where TWritten : notnull
        where TRead : notnull
    {
        SqlMapper.AddTypeHandler(typeof(TValue[]), new ArrayHandler<TValue, TWritten, TRead>(type, write, read));
        SqlMapper.AddTypeHandler(
            typeof(TValue?[]), new NullableArrayHandler<TValue, TWritten, TRead>(type, write, read));
    }
}
