#pragma warning disable IDE1006 // Members are named as in the JSON.

namespace InternalServices.Api.Tests;

public sealed record UsageItem(string source, string id, string department, string service, string at, string quantity);

public sealed record EntryItem(
    string reference,
    string month,
    AmountItem amount,
    string kind = "actual",
    string? department = null,
    string? customer = null)
{
    public static EntryItem Of(string month, string amount, string? department = null, string? customer = null) =>
        new(Organisation.Code("REF"), month, new AmountItem(amount), department: department, customer: customer);
}

public sealed record AmountItem(string amount, string currency = "USD");
