using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Pays money of a customer back.</summary>
internal static class Refunding
{
    /// <summary>Of one fund, which has at least so much left.</summary>
    public static async Task Refund(
        Transaction transaction, Guid fund, Money amount, DateOnly day, string reference, string subject)
    {
        var locked = (await Funds.Lock(transaction, fund))!;
        await Refund(transaction, [(locked, amount.Amount)], day, reference, subject);
    }

    /// <returns>The refund's id.</returns>
    public static async Task<Guid> Refund(
        Transaction transaction,
        IReadOnlyList<(Fund Fund, decimal Amount)> parts,
        DateOnly day,
        string reference,
        string subject)
    {
        var first = parts[0].Fund;
        var amount = new Money(parts.Sum(part => part.Amount), first.Currency);
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = first.LegalEntity,
            Customer = first.Customer,
            Kind = LedgerKind.Refund,
            Day = day,
            Description = $"Refund: {reference}",
        };
        await transaction.Execute(
            Insert,
            new
            {
                fact.Id,
                first.Customer,
                first.LegalEntity,
                first.Currency,
                amount.Amount,
                Day = day,
                Reference = reference,
                transaction.Now,
                Subject = subject,
                Funds = parts.Select(part => part.Fund.Id).ToArray(),
                Amounts = parts.Select(part => part.Amount).ToArray(),
            });
        foreach (var (fund, part) in parts) await Funds.Take(transaction, fund.Id, part);
        await LedgerWriter.Post(transaction, Bookings.Refund(fact, amount));
        return fact.Id;
    }

    private const string Insert = """
        with refund as (
            insert into payments.refunds (
                id, customer, legal_entity, currency, amount, day, reference, recorded_at, recorded_by)
            values (@Id, @Customer, @LegalEntity, @Currency, @Amount, @Day, @Reference, @Now, @Subject)
        )
        insert into payments.refund_parts (refund, fund, customer, amount)
        select @Id, fund, @Customer, amount
        from unnest(@Funds, @Amounts) as part (fund, amount)
        """;
}
