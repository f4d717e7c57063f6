using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace Data.Tests;

/// <summary>Every type that the product stores comes back as it was: a value, nothing, and an array.</summary>
public sealed class ColumnTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>
{
    private static readonly DateTimeOffset Instant =
        new DateTimeOffset(2026, 11, 23, 9, 30, 0, TimeSpan.Zero).AddMicroseconds(5);
    private static readonly Guid Id = Guid.Parse("019ab000-0000-7000-8000-000000000001");

    private static int _rows;

    [Fact]
    public Task An_instant() => RoundTrip("instant", Instant, [Instant, Instant.AddDays(1)]);

    [Fact]
    public async Task An_instant_is_stored_in_utc_whatever_its_offset()
    {
        var madrid = Instant.ToOffset(TimeSpan.FromHours(1));
        var stored = await Store("instant", "instants", madrid, new[] { madrid });
        Assert.Equal(TimeSpan.Zero, (await Read<DateTimeOffset>("instant", stored)).Offset);
        Assert.Equal([Instant], await Read<DateTimeOffset[]>("instants", stored));
    }

    [Fact]
    public Task A_day() => RoundTrip("day", new DateOnly(2026, 11, 23), [new(2024, 2, 29), new(2026, 1, 1)]);

    [Fact]
    public Task A_month() => RoundTrip("month", new Period(2026, 11), [new(2026, 12), new(2027, 1)]);

    [Fact]
    public async Task A_month_is_stored_as_its_first_day()
    {
        var stored = await Store("month", "months", new Period(2026, 11), Array.Empty<Period>());
        Assert.Equal(new DateOnly(2026, 11, 1), await Read<DateOnly>("month", stored));
    }

    [Fact]
    public Task A_currency() =>
        RoundTrip("currency", Currency.Of("EUR"), [Currency.Of("JPY"), Currency.Of("KWD")], "currencies");

    [Fact]
    public Task An_enum() => RoundTrip("state", SampleState.NotSelected, [SampleState.Draft, SampleState.NotSelected]);

    [Fact]
    public async Task An_enum_is_stored_as_camel_case_text()
    {
        var stored = await Store("state", "states", SampleState.NotSelected, new[] { SampleState.Draft });
        Assert.Equal("notSelected", await Read<string>("state", stored));
        Assert.Equal(["draft"], await Read<string[]>("states", stored));
    }

    [Fact]
    public Task A_decimal() => RoundTrip("amount", 1234567890123.000000000000005m, [-0.01m, 79_228_162_514.26m]);

    [Fact]
    public Task A_long() => RoundTrip("count", long.MaxValue, [1, long.MinValue]);

    [Fact]
    public Task An_int() => RoundTrip("number", 5, [1, int.MinValue]);

    [Fact]
    public Task A_boolean() => RoundTrip("active", true, [true, false]);

    [Fact]
    public Task A_guid() => RoundTrip("unique_id", Id, [Id, Guid.Empty]);

    [Fact]
    public async Task A_text()
    {
        var stored = await Store("name", "names", "Ñandú", new[] { "a", null, "" });
        Assert.Equal("Ñandú", await Read<string>("name", stored));
        Assert.Equal(["a", null, ""], await Read<string?[]>("names", stored));
    }

    [Fact]
    public async Task Bytes()
    {
        var stored = await Store("body", "names", new byte[] { 0, 1, 255 }, Array.Empty<string>());
        Assert.Equal([0, 1, 255], await Read<byte[]>("body", stored));
    }

    [Fact]
    public async Task A_record_is_read_by_its_constructor()
    {
        var row = new Row(
            Next(), Instant, new(2026, 11), Currency.Of("EUR"), SampleState.Draft, 1.5m, null, [1m], ["x"], Id);
        var read = await fixture.Database.InTransaction(Tenant.Provider, async transaction =>
        {
            await transaction.Execute(
                """
                insert into samples.columns
                  (id, instant, month, currency, state, amount, count, amounts, names, unique_id)
                values
                  (@Id, @Instant, @Month, @Currency, @State, @Amount, @Count, @Amounts, @Names, @UniqueId)
                """,
                row);
            return await transaction.Single<Row>(
                """
                select id, instant, month, currency, state, amount, count, amounts, names, unique_id
                from samples.columns
                where id = @Id
                """,
                new { row.Id });
        }, default);

        Assert.Equal(row with { Amounts = read.Amounts, Names = read.Names }, read);
        Assert.Equal(row.Amounts, read.Amounts);
        Assert.Equal(row.Names, read.Names);
    }

    [Fact]
    public async Task Many_rows_are_written_by_one_statement_with_values_missing()
    {
        int[] ids = [Next(), Next()];
        await fixture.Database.InTransaction(Tenant.Provider, transaction => transaction.Execute(
            """
            insert into samples.columns (id, instant, month, currency, state, amount)
            select id, instant, month, currency, state, amount
            from unnest(@ids, @instants, @months, @currencies, @states, @amounts)
              as given (id, instant, month, currency, state, amount)
            """,
            new
            {
                ids,
                instants = new DateTimeOffset?[] { Instant, null },
                months = new Period?[] { null, new(2026, 11) },
                currencies = new Currency?[] { Currency.Of("USD"), null },
                states = new SampleState?[] { null, SampleState.Draft },
                amounts = new decimal?[] { 1.5m, null },
            }), default);

        Assert.Equal(Instant, await Read<DateTimeOffset?>("instant", ids[0]));
        Assert.Null(await Read<DateTimeOffset?>("instant", ids[1]));
        Assert.Null(await Read<Period?>("month", ids[0]));
        Assert.Equal(new Period(2026, 11), await Read<Period?>("month", ids[1]));
        Assert.Equal(Currency.Of("USD"), await Read<Currency?>("currency", ids[0]));
        Assert.Equal(SampleState.Draft, await Read<SampleState?>("state", ids[1]));
        Assert.Null(await Read<decimal?>("amount", ids[1]));
    }

    [Fact]
    public async Task Rows_are_found_by_a_list_of_values()
    {
        var stored = await Store("state", "states", SampleState.NotSelected, Array.Empty<SampleState>());
        var found = await fixture.Database.Read(Tenant.Provider, transaction => transaction.Query<int>(
            "select id from samples.columns where state = any(@states) and id = any(@ids)",
            new { states = new[] { SampleState.NotSelected }, ids = new[] { stored } }), default);
        Assert.Equal([stored], found);
    }

    private async Task RoundTrip<T>(string column, T value, T[] values, string? arrayColumn = null)
        where T : struct
    {
        arrayColumn ??= $"{column}s";
        var stored = await Store(column, arrayColumn, value, values);
        Assert.Equal(value, await Read<T>(column, stored));
        Assert.Equal(value, await Read<T?>(column, stored));
        Assert.Equal(values, await Read<T[]>(arrayColumn, stored));

        var empty = await Store(column, arrayColumn, (T?)null, (T[]?)null);
        Assert.Null(await Read<T?>(column, empty));
        Assert.Null(await Read<T[]?>(arrayColumn, empty));

        var missing = await Store(column, arrayColumn, value, new T?[] { value, null });
        Assert.Equal([value, null], await Read<T?[]>(arrayColumn, missing));
    }

    private Task<int> Store<T, TArray>(string column, string arrayColumn, T value, TArray values) =>
        fixture.Database.InTransaction(Tenant.Provider, transaction => transaction.Single<int>(
            $"insert into samples.columns (id, {column}, {arrayColumn}) values (@id, @value, @values) returning id",
            new { id = Next(), value, values }), default);

    private async Task<T> Read<T>(string column, int id) => await fixture.Database.Read(
        Tenant.Provider,
        transaction => transaction.Single<T>($"select {column} from samples.columns where id = @id", new { id }),
        default);

    private static int Next() => Interlocked.Increment(ref _rows);

    private enum SampleState
    {
        Draft,
        NotSelected,
    }

    private sealed record Row(
        int Id,
        DateTimeOffset Instant,
        Period Month,
        Currency? Currency,
        SampleState State,
        decimal Amount,
        long? Count,
        decimal[] Amounts,
        string[] Names,
        Guid UniqueId);
}
