using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace Data.Tests;

public enum State { Draft, NotSelected }

public sealed record Row(
    Guid Id,
    DateTimeOffset? Instant, DateTimeOffset[]? Instants,
    DateOnly? Day, DateOnly[]? Days,
    Period? Month, Period[]? Months,
    Currency? Currency, Currency[]? Currencies,
    State? State, State[]? States,
    decimal? Amount, decimal[]? Amounts,
    long? Count, long[]? Counts,
    string? Name, string[]? Names,
    Guid[]? Ids, bool? Active, TimeSpan? Lapse, byte[]? Body);

public sealed class ColumnTests(Fixture fixture) : IClassFixture<Fixture>
{
    [Fact]
    public async Task All()
    {
        var now = new DateTimeOffset(2026, 11, 23, 10, 0, 0, TimeSpan.FromHours(2));
        var row = new Row(Guid.CreateVersion7(now), now, [now, now.AddDays(1)], new(2026, 11, 23), [new(2026, 1, 2)],
            Period.Parse("2026-11"), [Period.Parse("2026-12")], Currency.Of("EUR"), [Currency.Of("JPY")],
            State.NotSelected, [State.Draft, State.NotSelected], 1.000000000000005m, [1.5m, 2m], 5, [6, 7], "a", ["x"],
            [Guid.CreateVersion7(now)], true, TimeSpan.FromSeconds(1.5), [1, 2]);
        await Roundtrip(row);
        await Roundtrip(new Row(Guid.CreateVersion7(now), null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null));
    }

    private async Task Roundtrip(Row row)
    {
        var read = await fixture.Database.InTransaction(Tenant.Provider, async t =>
        {
            await t.Execute("""
                insert into samples.types values (@Id, @Instant, @Instants, @Day, @Days, @Month, @Months, @Currency, @Currencies,
                @State, @States, @Amount, @Amounts, @Count, @Counts, @Name, @Names, @Ids, @Active, @Lapse, @Body)
                """, row);
            return await t.Single<Row>("select * from samples.types where id = @id", new { id = row.Id });
        }, default);
        Assert.Equivalent(row, read, strict: true);
    }
}
