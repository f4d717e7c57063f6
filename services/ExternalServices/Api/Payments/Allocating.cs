using ExternalServices.Api.Billing;
using ExternalServices.Api.Ledger;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Messaging;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Payments;

/// <summary>Some of a payment for one invoice.</summary>
public sealed record AllocationRequest
{
    /// <summary>Its number; or the reference of a receivable that was taken over.</summary>
    public required string Invoice { get; init; }

    /// <summary>At most what is owed of the invoice.</summary>
    public required decimal Amount { get; init; }
}

/// <summary>Uses money of a customer for its invoices: invoice, allocation and books in one transaction.</summary>
internal static class Allocating
{
    public const int MaxInvoices = 500;

    /// <summary>What is wrong with the list by itself.</summary>
    public static Fields Check(Fields fields, IReadOnlyList<AllocationRequest> allocations, int atLeast) => fields
        .Count("/allocations", allocations.Count, MaxInvoices, atLeast)
        .Check(
            "/allocations",
            allocations.DistinctBy(allocation => allocation.Invoice).Count() == allocations.Count,
            "invoice-twice",
            "An invoice is named once.");

    /// <param name="transaction">In which the fund is locked.</param>
    /// <param name="fund">Whose money is used.</param>
    /// <param name="allocations">Each for another invoice.</param>
    /// <param name="outbox">Says when an invoice is paid.</param>
    public static async Task<Refusal?> Allocate(
        Transaction transaction, Fund fund, IReadOnlyList<AllocationRequest> allocations, Outbox outbox)
    {
        var total = allocations.Sum(allocation => allocation.Amount);
        if (total > fund.Available)
        {
            return Refusal.Rejected(
                "exceeds-available", $"Of {fund.Amount} {fund.Available} is available, not {total}.", "/allocations");
        }

        string[] numbers = [.. allocations.Select(allocation => allocation.Invoice)];
        var accounts = (await Lock(transaction, fund, numbers)).ToDictionary(account => account.Number!);
        var takenOver = (await TakenOver.Lock(transaction, fund, numbers)).ToDictionary(each => each.Reference);
        for (var i = 0; i < allocations.Count; i++)
        {
            var (number, amount) = (allocations[i].Invoice, allocations[i].Amount);
            var (account, other) = (accounts.GetValueOrDefault(number), takenOver.GetValueOrDefault(number));
            if ((account?.Receivable ?? other?.Receivable) is not { } owed)
            {
                return Refusal.Rejected(
                    "invoice-not-found",
                    $"{fund.Customer} has no invoice '{number}' in {fund.Currency}.",
                    $"/allocations/{i}/invoice");
            }

            var used = owed.Allocate(amount);
            if (used.Refusal is { } refusal) return At(refusal, $"/allocations/{i}/amount");
            if (!fund.Currency.IsWhole(amount))
            {
                return Refusal.Rejected(
                    "amount-precision", $"{amount} is finer than {fund.Currency}.", $"/allocations/{i}/amount");
            }

            await Use(transaction, fund, account, other, amount);
            await (account?.Save(transaction, used.Value, outbox) ?? other!.Save(transaction, used.Value));
        }

        await Funds.Take(transaction, fund.Id, total);
        return null;
    }

    private static async Task<IReadOnlyList<InvoiceAccount>> Lock(
        Transaction transaction, Fund fund, string[] numbers)
    {
        var ids = await transaction.Query<Guid>(
            SelectIds,
            new { fund.Customer, fund.LegalEntity, fund.Currency, Numbers = numbers });
        return await InvoiceAccount.Lock(transaction, [.. ids]);
    }

    private static Refusal At(Refusal refusal, string pointer) =>
        refusal.Kind == RefusalKind.Rejected ? refusal with { Pointer = pointer } : refusal;

    private static async Task Use(
        Transaction transaction, Fund fund, InvoiceAccount? account, TakenOver? other, decimal amount)
    {
        var fact = new LedgerFact
        {
            Id = Guid.CreateVersion7(transaction.Now),
            LegalEntity = fund.LegalEntity,
            Customer = fund.Customer,
            Kind = LedgerKind.Allocation,
            Day = account?.Today(transaction.Now) ?? other!.Today(transaction.Now),
            Description = $"{fund.Reference} for invoice {account?.Number ?? other!.Reference}",
        };
        await transaction.Execute(
            Insert,
            new
            {
                fact.Id,
                Fund = fund.Id,
                Invoice = account?.Id,
                TakenOver = other?.Id,
                fund.Customer,
                fund.Currency,
                Amount = amount,
                transaction.Now,
            });
        var isWrittenOff = account?.State == InvoiceState.Uncollectible;
        await LedgerWriter.Post(
            transaction, Bookings.Allocation(fact, new Money(amount, fund.Currency), isWrittenOff));
    }

    private const string SelectIds = """
        select id
        from billing.invoices
        where customer = @Customer and legal_entity = @LegalEntity and currency = @Currency and number = any(@Numbers)
        """;

    private const string Insert = """
        insert into payments.allocations (
            id, fund, invoice, taken_over, customer, currency, amount, made_at)
        values (@Id, @Fund, @Invoice, @TakenOver, @Customer, @Currency, @Amount, @Now)
        """;
}
