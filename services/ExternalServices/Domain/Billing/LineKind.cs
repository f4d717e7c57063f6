namespace ExternalServices.Domain.Billing;

/// <summary>Why a line is on an invoice.</summary>
public enum LineKind
{
    /// <summary>A charge of the contract for one of its billing periods.</summary>
    Charge,

    /// <summary>What is missing to a minimum commitment.</summary>
    TrueUp,

    /// <summary>A fee in advance that a change of the contract gives back for the days left.</summary>
    ChangeCredit,

    /// <summary>A fee in advance that a change of the contract adds for the days left.</summary>
    ChangeCharge,

    /// <summary>Usage that arrived, or was corrected, after its period was billed.</summary>
    LateUsage,
}
