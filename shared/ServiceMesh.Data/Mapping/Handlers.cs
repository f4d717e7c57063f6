using System.Data;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace ServiceMesh.Data.Mapping;

/// <summary>
/// Writes a parameter with its type, so that a null is of that type too, and reads a null as null: Dapper's own base
/// class of handlers is given nulls in a single column, but cannot return one for a value type.
/// </summary>
internal abstract class Handler(NpgsqlDbType type) : SqlMapper.ITypeHandler
{
    public void SetValue(IDbDataParameter parameter, object? value)
    {
        var typed = (NpgsqlParameter)parameter;
        typed.NpgsqlDbType = type;
        typed.Value = value is null or DBNull ? DBNull.Value : Write(value);
    }

    public object? Parse(Type destinationType, object value) => value is DBNull ? null : Read(value);

    protected abstract object Write(object value);

    protected abstract object Read(object stored);
}

/// <summary>One value.</summary>
internal sealed class ColumnHandler<TValue, TWritten, TRead>(
    NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read) : Handler(type)
    where TValue : struct
    where TWritten : notnull
    where TRead : notnull
{
    protected override object Write(object value) => write((TValue)value);

    protected override object Read(object stored) => read((TRead)stored);
}

/// <summary>An array of values.</summary>
internal sealed class ArrayHandler<TValue, TWritten, TRead>(
    NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read) : Handler(NpgsqlDbType.Array | type)
    where TValue : struct
    where TWritten : notnull
    where TRead : notnull
{
    protected override object Write(object value) => Array.ConvertAll((TValue[])value, item => write(item));

    protected override object Read(object stored) => Array.ConvertAll((TRead[])stored, item => read(item));
}

/// <summary>An array in which values may be missing, as bulk writes pass an optional column.</summary>
internal sealed class NullableArrayHandler<TValue, TWritten, TRead>(
    NpgsqlDbType type, Func<TValue, TWritten> write, Func<TRead, TValue> read) : Handler(NpgsqlDbType.Array | type)
    where TValue : struct
    where TWritten : notnull
    where TRead : notnull
{
    protected override object Write(object value) =>
        Array.ConvertAll((TValue?[])value, item => item is { } given ? write(given) : (object?)null);

    protected override object Read(object stored) => ((Array)stored).Cast<object?>()
        .Select(item => item is TRead given ? read(given) : (TValue?)null)
        .ToArray();
}

/// <summary>An array of texts, in which texts may be missing.</summary>
internal sealed class TextsHandler() : Handler(NpgsqlDbType.Array | NpgsqlDbType.Text)
{
    protected override object Write(object value) => value;

    protected override object Read(object stored) => stored;
}

/// <summary>Another that is made when it is first used.</summary>
internal sealed class LateHandler(Func<SqlMapper.ITypeHandler> make) : SqlMapper.ITypeHandler
{
    private readonly Lazy<SqlMapper.ITypeHandler> _handler = new(make);

    public void SetValue(IDbDataParameter parameter, object value) => _handler.Value.SetValue(parameter, value);

    public object? Parse(Type destinationType, object value) => _handler.Value.Parse(destinationType, value);
}
