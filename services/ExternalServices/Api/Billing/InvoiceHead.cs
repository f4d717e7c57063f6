using ExternalServices.Domain.Billing;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>An invoice as it is stored, as far as lists show it.</summary>
internal record InvoiceHead
{
    public required Guid Id { get; init; }

    public required InvoiceState State { get; init; }

    public required string? Number { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required string Contract { get; init; }

    public required Period Month { get; init; }

    public required DateOnly? IssueDate { get; init; }

    public required DateOnly? DueDate { get; init; }

    public required Currency Currency { get; init; }

    public required decimal Net { get; init; }

    public required decimal Tax { get; init; }

    public required decimal Gross { get; init; }

    public required decimal Fees { get; init; }

    public required decimal Paid { get; init; }

    public required decimal Credited { get; init; }

    protected decimal Due =>
        new Receivable { State = State, Gross = Gross, Fees = Fees, Paid = Paid, Credited = Credited }.Due;

    public required bool IsDebitNote { get; init; }

    public required Guid Run { get; init; }

    public required int Version { get; init; }

    public InvoiceSummary ToSummary() => new()
    {
        Id = Id,
        State = State,
        Number = Number,
        Customer = Customer,
        LegalEntity = LegalEntity,
        Contract = Contract,
        Month = Month,
        IssueDate = IssueDate,
        DueDate = DueDate,
        Net = new Money(Net, Currency),
        Tax = new Money(Tax, Currency),
        Gross = new Money(Gross, Currency),
        Due = new Money(Due, Currency),
        IsDebitNote = IsDebitNote,
        Run = Run,
        Version = Version,
    };
}
