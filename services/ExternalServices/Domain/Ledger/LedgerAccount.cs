namespace ExternalServices.Domain.Ledger;

/// <summary>The accounts of the books.</summary>
public enum LedgerAccount
{
    /// <summary>What customers owe.</summary>
    Receivables,

    /// <summary>What came in and was paid back.</summary>
    Cash,

    /// <summary>What customers have paid or were credited beyond what they owe.</summary>
    CustomerBalance,

    /// <summary>Invoiced, and not yet earned.</summary>
    DeferredRevenue,

    /// <summary>VAT owed to the tax authority.</summary>
    Tax,

    /// <summary>Earned.</summary>
    Revenue,

    /// <summary>Charged for reminders.</summary>
    DunningFees,

    /// <summary>Written off.</summary>
    BadDebt,

    /// <summary>The other side of balances taken over from another system.</summary>
    OpeningBalance,
}

/// <summary>Where an account stands in the books.</summary>
public enum LedgerAccountType
{
    Asset,
    Liability,
    Equity,
    Revenue,
    Expense,
}

public static class LedgerAccounts
{
    public static LedgerAccountType TypeOf(LedgerAccount account) => account switch
    {
        LedgerAccount.Receivables or LedgerAccount.Cash => LedgerAccountType.Asset,
        LedgerAccount.CustomerBalance or LedgerAccount.DeferredRevenue or LedgerAccount.Tax =>
            LedgerAccountType.Liability,
        LedgerAccount.Revenue or LedgerAccount.DunningFees => LedgerAccountType.Revenue,
        LedgerAccount.BadDebt => LedgerAccountType.Expense,
        LedgerAccount.OpeningBalance => LedgerAccountType.Equity,
    };

    /// <summary>Whether its entries say of which customer they are.</summary>
    public static bool IsPerCustomer(LedgerAccount account) =>
        account is LedgerAccount.Receivables or LedgerAccount.CustomerBalance;
}
