using System.Globalization;
using System.Text;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Ledger;

/// <summary>Writes transactions as a journal that hledger's <c>check --strict</c> accepts.</summary>
internal static class JournalText
{
    /// <summary>Currencies and accounts are declared before they are used.</summary>
    public static void Declare(
        StringBuilder text,
        IEnumerable<Currency> currencies,
        IEnumerable<(LedgerAccount Account, string? Erp)> accounts)
    {
        text.Append("decimal-mark .\n\n");
        foreach (var currency in currencies)
        {
            text.Append("commodity ").Append(Sample(currency)).Append(' ').Append(currency.Code).Append('\n');
        }

        text.Append('\n');
        foreach (var (account, erp) in accounts)
        {
            text.Append("account ").Append(NameOf(account));
            if (erp is not null) text.Append("  ; erp: ").Append(erp);
            text.Append('\n');
        }
    }

    public static void Write(StringBuilder text, BookedTransaction booked)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n{booked.Day:yyyy-MM-dd} * {OneLine(booked.Description)}");
        text.Append(CultureInfo.InvariantCulture, $"  ; id: {booked.Id}\n");
        if (booked.Reverses is { } reversed)
        {
            text.Append(CultureInfo.InvariantCulture, $"    ; reverses: {reversed}\n");
        }

        foreach (var entry in booked.Entries)
        {
            text.Append("    ").Append(NameOf(entry.Account)).Append("  ");
            text.Append(entry.Amount);
            var tags = new[]
            {
                LedgerAccounts.IsPerCustomer(entry.Account) && booked.Customer is not null
                    ? $"customer: {booked.Customer}"
                    : null,
                entry.Detail is null ? null : $"detail: {entry.Detail}",
            };
            var said = string.Join(", ", tags.Where(tag => tag is not null));
            if (said.Length > 0) text.Append("  ; ").Append(said);
            text.Append('\n');
        }
    }

    /// <summary>The top of the name tells hledger the type of the account.</summary>
    private static string NameOf(LedgerAccount account)
    {
        var top = LedgerAccounts.TypeOf(account) switch
        {
            LedgerAccountType.Asset => "assets",
            LedgerAccountType.Liability => "liabilities",
            LedgerAccountType.Equity => "equity",
            LedgerAccountType.Revenue => "revenues",
            LedgerAccountType.Expense => "expenses",
        };
        var name = account.ToString();
        return $"{top}:{char.ToLowerInvariant(name[0])}{name[1..]}";
    }

    /// <summary>An amount that shows how the currency is written.</summary>
    private static string Sample(Currency currency) =>
        currency.Exponent == 0 ? "1000." : currency.Format(1000);

    /// <summary>A semicolon would begin a comment, two spaces or a line break would end the description.</summary>
    private static string OneLine(string description) =>
        string.Join(' ', description.Replace(';', ',').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
