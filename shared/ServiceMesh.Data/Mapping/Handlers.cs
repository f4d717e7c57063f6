using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace ServiceMesh.Data.Mapping;

/// <summary>One value. The parameter carries its type, so that a null is of that type too.</summary>
internal sealed class ColumnHandler<TValue, TWritten, TRead>(
    NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read) : SqlMapper.TypeHandler<TValue>
    where TValue : struct
    where TWritten : notnull
    where TRead : notnull
{
    public override void SetValue(IDbDataParameter parameter, TValue value) => parameter.Set(type, write(value));

    public override TValue Parse(object value) => read((TRead)value);
}

/// <summary>An array of values.</summary>
internal sealed class ArrayHandler<TValue, TWritten, TRead>(
    NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read) : SqlMapper.TypeHandler<TValue[]>
    where TValue : struct
    where TWritten : notnull
    where TRead : notnull
{
    public override void SetValue(IDbDataParameter parameter, TValue[]? value) =>
        parameter.Set(NpgsqlDbType.Array | type, value is null ? null : Array.ConvertAll(value, item => write(item)));

    public override TValue[] Parse(object value) => [.. ((IEnumerable<TRead>)value).Select(read)];
}

/// <summary>An array in which values may be missing, as bulk writes pass an optional column.</summary>
internal sealed class NullableArrayHandler<TValue, TWritten, TRead>(
    NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read) : SqlMapper.TypeHandler<TValue?[]>
    where TValue : struct
    where TWritten : notnull
    where TRead : notnull
{
    public override void SetValue(IDbDataParameter parameter, TValue?[]? value) =>
        parameter.Set(
            NpgsqlDbType.Array | type,
            value is null ? null : Array.ConvertAll(value, item => item is { } given ? write(given) : (object?)null));

    public override TValue?[] Parse(object value) =>
        [.. ((Array)value).Cast<object?>().Select(item => item is TRead given ? read(given) : (TValue?)null)];
}

/// <summary>An array of texts, in which texts may be missing.</summary>
internal sealed class TextsHandler : SqlMapper.TypeHandler<string?[]>
{
    public override void SetValue(IDbDataParameter parameter, string?[]? value) =>
        parameter.Set(NpgsqlDbType.Array | NpgsqlDbType.Text, value);

    public override string?[] Parse(object value) => (string?[])value;
}

internal static class Parameters
{
    public static void Set(this IDbDataParameter parameter, NpgsqlDbType type, object? value)
    {
        var typed = (NpgsqlParameter)parameter;
        typed.NpgsqlDbType = type;
        typed.Value = value ?? DBNull.Value;
    }
}
