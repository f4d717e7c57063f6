using ServiceMesh.Hosting.Http;
using ServiceMesh.Primitives;

namespace InternalServices.Api.Chargeback.Costs;

/// <summary>An item of a batch of costs that is sound by itself.</summary>
/// <param name="Index">Its place in the batch.</param>
/// <param name="Month">Where it lands.</param>
internal sealed record NewEntry(
    int Index,
    string Reference,
    Period Month,
    Period OriginMonth,
    EntryKind Kind,
    string? Department,
    string? Customer,
    decimal Amount)
{
    private const int MaxReferenceLength = 200;

    public static Outcome<NewEntry> Read(
        int index, RecordCostEntries.Item item, Currency books, HashSet<string> departments)
    {
        if (new Fields().Text("/reference", item.Reference, MaxReferenceLength).Refusal is not null)
        {
            return Refusal.Rejected(
                "invalid-reference", $"A reference has 1 to {MaxReferenceLength} printable characters.");
        }

        if (!Period.TryParse(item.Month, null, out var month))
        {
            return Refusal.Rejected("invalid-month", $"'{Shown(item.Month)}' is not a month such as 2026-10.");
        }

        if (!Currency.TryParse(item.Amount.Currency, out var currency))
        {
            return Refusal.Rejected(
                "unknown-currency", $"'{Shown(item.Amount.Currency)}' is not a currency of ISO 4217.");
        }

        if (currency != books)
        {
            return Refusal.Rejected("currency-mismatch", $"The books are kept in {books}, not in {currency}.");
        }

        if (!Exact.TryParse(item.Amount.Amount, out var amount))
        {
            return Refusal.Rejected(
                "invalid-amount", "An amount is a plain decimal below 10^13 with at most 15 decimals.");
        }

        return AssigneeFault(item, departments) is { } fault
            ? fault
            : new NewEntry(index, item.Reference, month, month, item.Kind, item.Department, item.Customer, amount);
    }

    private static Refusal? AssigneeFault(RecordCostEntries.Item item, HashSet<string> departments) =>
        item is { Department: not null, Customer: not null }
            ? Refusal.Rejected("two-assignees", "A cost is borne by a department or by a customer, not by both.")
            : item.Department is not null && !departments.Contains(item.Department)
                ? Refusal.Rejected("department-not-found", $"There is no active department '{Shown(item.Department)}'.")
                : item.Customer is not null && new Fields().Code("/customer", item.Customer).Refusal is not null
                    ? Refusal.Rejected("invalid-customer", "The customer's code is not of the documented form.")
                    : null;

    private static string Shown(string text)
    {
        const int longest = 64;
        return text.Length <= longest ? text : $"{text.AsSpan(0, longest)}…";
    }
}
