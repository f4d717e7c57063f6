using System.Text.Json;
using ExternalServices.Api.Parties;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Contracts;
using ExternalServices.Domain.Tax;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

/// <summary>An invoice as it is stored, with its sides in columns.</summary>
internal sealed record InvoiceRow : InvoiceHead
{
    public required DateOnly TaxPoint { get; init; }

    public required string SellerName { get; init; }

    public required string SellerStreet { get; init; }

    public required string SellerCity { get; init; }

    public required string SellerPostalCode { get; init; }

    public required string SellerCountry { get; init; }

    public required string? SellerVatId { get; init; }

    public required string BuyerName { get; init; }

    public required string BuyerStreet { get; init; }

    public required string BuyerCity { get; init; }

    public required string BuyerPostalCode { get; init; }

    public required string BuyerCountry { get; init; }

    public required string? BuyerVatId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset? FinalizesAt { get; init; }

    public required DateTimeOffset? FinalizedAt { get; init; }

    public required string? DisputeReason { get; init; }

    public required int DunningLevel { get; init; }

    public required string CustomerZone { get; init; }

    public required Language Language { get; init; }

    public Invoice ToInvoice(
        IEnumerable<InvoiceLineRow> lines,
        IEnumerable<InvoiceTaxRow> taxes,
        IReadOnlyList<InvoiceReference> adjusts,
        DateTimeOffset now) => new()
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
            Fees = new Money(Fees, Currency),
            Paid = new Money(Paid, Currency),
            Credited = new Money(Credited, Currency),
            Due = new Money(Due, Currency),
            IsPartiallyPaid = Standing(now).IsPartiallyPaid,
            IsOverdue = Standing(now).IsOverdue,
            DisputeReason = DisputeReason,
            DunningLevel = DunningLevel,
            IsDebitNote = IsDebitNote,
            Adjusts = adjusts,
            Run = Run,
            Version = Version,
            TaxPoint = TaxPoint,
            Language = Language,
            Seller = Party(SellerName, SellerStreet, SellerCity, SellerPostalCode, SellerCountry, SellerVatId),
            Buyer = Party(BuyerName, BuyerStreet, BuyerCity, BuyerPostalCode, BuyerCountry, BuyerVatId),
            Lines = [.. lines.Select(line => line.ToLine(Currency))],
            Taxes = [.. taxes.Select(tax => tax.ToTax(Currency))],
            CreatedAt = CreatedAt,
            FinalizesAt = FinalizesAt,
            FinalizedAt = FinalizedAt,
        };

    private InvoiceStanding Standing(DateTimeOffset now) => InvoiceStanding.On(
        State,
        Paid,
        Due,
        DueDate ?? DateOnly.MaxValue,
        LocalDay.Of(now, TimeZoneInfo.FindSystemTimeZoneById(CustomerZone)));

    private static InvoiceParty Party(
        string name, string street, string city, string postalCode, string country, string? vatId) => new()
        {
            Name = name,
            Address = new Address { Street = street, City = city, PostalCode = postalCode },
            Country = country,
            VatId = vatId,
        };
}

internal sealed record InvoiceLineRow
{
    public required int Number { get; init; }

    public required string Charge { get; init; }

    public required string Service { get; init; }

    public required string Description { get; init; }

    public required DateOnly From { get; init; }

    public required DateOnly To { get; init; }

    public required decimal Quantity { get; init; }

    public required string Unit { get; init; }

    public required decimal Price { get; init; }

    public required decimal BaseQuantity { get; init; }

    public required decimal Net { get; init; }

    public required LineKind Kind { get; init; }

    public required string? Allowances { get; init; }

    public required TaxCategory TaxCategory { get; init; }

    public required decimal TaxRate { get; init; }

    public required decimal? MeteredQuantity { get; init; }

    public required long? Events { get; init; }

    public required DateTimeOffset? UsageFrom { get; init; }

    public required DateTimeOffset? UsageTo { get; init; }

    public InvoiceLineView ToLine(Currency currency) => new()
    {
        Number = Number,
        Charge = Charge,
        Service = Service,
        Description = Description,
        From = From,
        To = To,
        Quantity = Quantity,
        Unit = Unit,
        Price = Price,
        BaseQuantity = BaseQuantity,
        Kind = Kind,
        Allowances = Allowances is null
            ? []
            : [
                .. JsonSerializer.Deserialize<LineAllowance[]>(Allowances, Wire.Options)!
                    .Select(taken => AllowanceView.Of(taken, currency)),
            ],
        Net = new Money(Net, currency),
        TaxCategory = TaxCategory,
        TaxRate = TaxRate,
        Usage = MeteredQuantity is { } metered
            ? new MeteredUsageView
            {
                Quantity = metered,
                Events = Events!.Value,
                From = UsageFrom!.Value,
                To = UsageTo!.Value,
            }
            : null,
    };
}

internal sealed record InvoiceTaxRow
{
    public required TaxCategory Category { get; init; }

    public required decimal Rate { get; init; }

    public required decimal Base { get; init; }

    public required decimal Tax { get; init; }

    public required string? ReasonCode { get; init; }

    public required string? Reason { get; init; }

    public InvoiceTaxView ToTax(Currency currency) => new()
    {
        Category = Category,
        Rate = Rate,
        Base = new Money(Base, currency),
        Tax = new Money(Tax, currency),
        ReasonCode = ReasonCode,
        Reason = Reason,
    };
}
