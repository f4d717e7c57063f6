using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;

namespace ExternalServices.Api.Ledger;

/// <summary>Books facts in the transaction that makes them, however many at once.</summary>
internal static class LedgerWriter
{
    public static async Task Post(Transaction transaction, params IReadOnlyList<LedgerTransaction> booked)
    {
        LedgerTransaction[] moved = [.. booked.Where(each => each.Entries.Count > 0)];
        if (moved.Length == 0) return;
        var entries = moved
            .SelectMany(each => each.Entries.Select((entry, i) => (Of: each, Entry: entry, Number: i + 1)))
            .ToArray();
        await transaction.Execute(
            Insert,
            new
            {
                transaction.Now,
                Ids = Array.ConvertAll(moved, each => each.Id),
                Entities = Array.ConvertAll(moved, each => each.LegalEntity),
                Customers = Array.ConvertAll(moved, each => each.Customer),
                Kinds = Array.ConvertAll(moved, each => each.Kind),
                Days = Array.ConvertAll(moved, each => each.Day),
                Descriptions = Array.ConvertAll(moved, each => each.Description),
                Reversed = Array.ConvertAll(moved, each => each.Reverses),
                EntryIds = Array.ConvertAll(entries, each => each.Of.Id),
                EntryNumbers = Array.ConvertAll(entries, each => each.Number),
                EntryEntities = Array.ConvertAll(entries, each => each.Of.LegalEntity),
                EntryDays = Array.ConvertAll(entries, each => each.Of.Day),
                Accounts = Array.ConvertAll(entries, each => each.Entry.Account),
                EntryCustomers = Array.ConvertAll(entries, each => each.Of.Customer),
                Currencies = Array.ConvertAll(entries, each => each.Entry.Amount.Currency),
                Amounts = Array.ConvertAll(entries, each => each.Entry.Amount.Amount),
                Details = Array.ConvertAll(entries, each => each.Entry.Detail),
            });
    }

    private const string Insert = """
        insert into ledger.transactions (id, legal_entity, customer, kind, day, description, reverses, posted_at)
        select id, legal_entity, customer, kind, day, description, reverses, @Now
        from unnest(@Ids, @Entities, @Customers, @Kinds, @Days, @Descriptions, @Reversed)
            as booked (id, legal_entity, customer, kind, day, description, reverses);

        insert into ledger.entries (
            transaction, number, legal_entity, day, account, customer, currency, amount, detail)
        select transaction, number, legal_entity, day, account, customer, currency, amount, detail
        from unnest(
            @EntryIds, @EntryNumbers, @EntryEntities, @EntryDays, @Accounts, @EntryCustomers, @Currencies, @Amounts,
            @Details) as entry (transaction, number, legal_entity, day, account, customer, currency, amount, detail)
        """;
}
