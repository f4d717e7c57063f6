using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ServiceMesh.Contracts;

/// <summary>The usage of external customers in a cost month, complete and unchanging. Aggregate: the month.</summary>
[Event("external.usage-finalized")]
public sealed record UsageFinalized : Event
{
    public required string Month { get; init; }

    /// <summary>Every service that external customers may use, those without use too, by code.</summary>
    public required IReadOnlyList<ServiceUsage> Services { get; init; }

    /// <summary>Usage events counted.</summary>
    public required long Rows { get; init; }

    /// <summary>What <see cref="ChecksumOf"/> gives for the services as they were counted.</summary>
    public required string Checksum { get; init; }

    /// <summary>
    /// SHA-256 over <c>service:quantity:rows</c> lines in ordinal order of the codes, in hexadecimal.
    /// </summary>
    public static string ChecksumOf(IEnumerable<ServiceUsage> services)
    {
        var lines = services
            .OrderBy(usage => usage.Service, StringComparer.Ordinal)
            .Select(usage => string.Create(
                CultureInfo.InvariantCulture, $"{usage.Service}:{usage.Quantity:0.###############}:{usage.Rows}\n"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }
}

/// <summary>The month's use of one service by all external customers.</summary>
public sealed record ServiceUsage
{
    public required string Service { get; init; }

    public required decimal Quantity { get; init; }

    public required long Rows { get; init; }
}

/// <summary>
/// Revenue and cost to serve were reckoned from one posted allocation run; the cost must equal that run's external
/// share. Aggregate: the month.
/// </summary>
[Event("external.profitability-calculated")]
public sealed record ProfitabilityCalculated : Event
{
    public required Guid RunId { get; init; }

    public required string Month { get; init; }

    public required string Currency { get; init; }

    public required decimal Revenue { get; init; }

    /// <summary>Σ customers' cost: services, direct and residual.</summary>
    public required decimal Cost { get; init; }
}

/// <summary>A customer signed a contract. Aggregate: the contract.</summary>
[Event("external.contract-signed", Unconsumed = true)]
public sealed record ContractSigned : Event
{
    public required string Customer { get; init; }

    public required string Contract { get; init; }

    public required string Plan { get; init; }

    /// <summary>First day, in the customer's zone, as <c>2026-11-23</c>.</summary>
    public required string Start { get; init; }
}

/// <summary>Other terms were signed: plan, price, quantity, a pause or its end. Aggregate: the contract.</summary>
[Event("external.contract-changed", Unconsumed = true)]
public sealed record ContractChanged : Event
{
    public required string Customer { get; init; }

    public required string Contract { get; init; }

    /// <summary>Code of the plan that holds from the day on.</summary>
    public required string Plan { get; init; }

    /// <summary>First day of the new terms, in the customer's zone, as <c>2026-11-23</c>.</summary>
    public required string On { get; init; }
}

/// <summary>A contract was cancelled. Aggregate: the contract.</summary>
[Event("external.contract-terminated", Unconsumed = true)]
public sealed record ContractTerminated : Event
{
    public required string Customer { get; init; }

    public required string Contract { get; init; }

    /// <summary>First day that is no longer in it, in the customer's zone, as <c>2026-11-23</c>.</summary>
    public required string End { get; init; }
}

/// <summary>An invoice got its number and can no longer change. Aggregate: the invoice.</summary>
[Event("external.invoice-issued", Unconsumed = true)]
public sealed record InvoiceIssued : Event
{
    public required string Number { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    /// <summary>Day of issue, as <c>2026-11-23</c>.</summary>
    public required string IssueDate { get; init; }

    public required string Currency { get; init; }

    public required decimal Net { get; init; }

    public required decimal Tax { get; init; }

    public required decimal Gross { get; init; }
}

/// <summary>Nothing is owed of an invoice any more. Aggregate: the invoice.</summary>
[Event("external.invoice-paid", Unconsumed = true)]
public sealed record InvoicePaid : Event
{
    public required string Number { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    public required string Currency { get; init; }

    /// <summary>Customer's money used for it.</summary>
    public required decimal Paid { get; init; }

    /// <summary>Credit notes, as far as they lowered what was owed.</summary>
    public required decimal Credited { get; init; }
}

/// <summary>Some or all of an invoice was taken back. Aggregate: the credit note.</summary>
[Event("external.credit-note-issued", Unconsumed = true)]
public sealed record CreditNoteIssued : Event
{
    public required string Number { get; init; }

    /// <summary>Number of the invoice.</summary>
    public required string Invoice { get; init; }

    public required string Customer { get; init; }

    public required string LegalEntity { get; init; }

    /// <summary>Day of issue, as <c>2026-11-23</c>.</summary>
    public required string IssueDate { get; init; }

    public required string Currency { get; init; }

    public required decimal Net { get; init; }

    public required decimal Tax { get; init; }

    public required decimal Gross { get; init; }
}
