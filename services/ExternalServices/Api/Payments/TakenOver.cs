using ExternalServices.Domain.Billing;
using ServiceMesh.Data;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>What a customer owed in the books kept before, locked so that nobody else changes it meanwhile.</summary>
internal sealed record TakenOver
{
    public required Guid Id { get; init; }

    public required string Reference { get; init; }

    public required string LegalEntityZone { get; init; }

    public required decimal Amount { get; init; }

    public required decimal Paid { get; init; }

    /// <summary>It is paid like an invoice.</summary>
    public Receivable Receivable => new() { State = InvoiceState.Open, Gross = Amount, Paid = Paid };

    public DateOnly Today(DateTimeOffset now) =>
        LocalDay.Of(now, TimeZoneInfo.FindSystemTimeZoneById(LegalEntityZone));

    /// <returns>False when the customer has an invoice or a receivable of this reference already.</returns>
    public static async Task<bool> Add(
        Transaction transaction, Guid id, string customer, string legalEntity, string reference, Money amount) =>
        await transaction.Execute(
            Insert,
            new
            {
                Id = id,
                Customer = customer,
                LegalEntity = legalEntity,
                amount.Currency,
                Reference = reference,
                amount.Amount,
            }) > 0;

    /// <summary>Those that a customer's payment may be for.</summary>
    public static Task<IReadOnlyList<TakenOver>> Lock(Transaction transaction, Fund fund, string[] references) =>
        transaction.Query<TakenOver>(
            SelectByReference, new { fund.Customer, fund.LegalEntity, fund.Currency, References = references });

    public static Task<IReadOnlyList<TakenOver>> Lock(Transaction transaction, params Guid[] ids) =>
        transaction.Query<TakenOver>(SelectByIds, new { Ids = ids });

    public Task<int> Save(Transaction transaction, Receivable after) =>
        transaction.Execute(Update, new { Id, after.Paid });

    /// <summary>Takes back what was taken over in error, receivable or credit, as long as nobody has used it.</summary>
    /// <returns>Null, or <c>balance-used</c>.</returns>
    public static async Task<Refusal?> TakeBack(Transaction transaction, Guid id)
    {
        var key = new { Id = id, transaction.Now };
        var receivable = await transaction.SingleOrDefault<bool?>(SelectIsPaid, key);
        var credit = await transaction.SingleOrDefault<bool?>(SelectIsUsed, key);
        if (receivable == true || credit == true)
        {
            return Refusal.Conflict(
                "balance-used", "Payments were used for it, or some of it for invoices: take these back first.");
        }

        await transaction.Execute(Reverse, key);
        return null;
    }

    private const string Insert = """
        insert into payments.receivables_taken_over (id, customer, legal_entity, currency, reference, amount)
        select @Id, @Customer, @LegalEntity, @Currency, @Reference, @Amount
        where not exists (
            select from billing.invoices
            where legal_entity = @LegalEntity and customer = @Customer and number = @Reference)
        on conflict (customer, reference) where reversed_at is null do nothing
        """;

    private const string SelectByReference = """
        select t.id, t.reference, entity.zone as legal_entity_zone, t.amount, t.paid
        from payments.receivables_taken_over t
        join parties.legal_entities entity on entity.code = t.legal_entity
        where t.customer = @Customer and t.legal_entity = @LegalEntity and t.currency = @Currency
            and t.reference = any(@References) and t.reversed_at is null
        order by t.id
        for update of t
        """;

    private const string SelectByIds = """
        select t.id, t.reference, entity.zone as legal_entity_zone, t.amount, t.paid
        from payments.receivables_taken_over t
        join parties.legal_entities entity on entity.code = t.legal_entity
        where t.id = any(@Ids)
        order by t.id
        for update of t
        """;

    private const string Update = "update payments.receivables_taken_over set paid = @Paid where id = @Id";

    private const string SelectIsPaid =
        "select paid > 0 from payments.receivables_taken_over where id = @Id and reversed_at is null for update";

    private const string SelectIsUsed = """
        select available < amount
        from payments.funds
        where id = @Id and kind = 'takenOver' and reversed_at is null
        for update
        """;

    private const string Reverse = """
        with receivable as (
            update payments.receivables_taken_over set reversed_at = @Now where id = @Id and reversed_at is null
        )
        update payments.funds
        set available = 0, reversed_at = @Now, reversal_reason = 'Taken over in error'
        where id = @Id and kind = 'takenOver' and reversed_at is null
        """;
}
