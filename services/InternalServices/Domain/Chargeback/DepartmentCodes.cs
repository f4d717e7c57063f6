namespace InternalServices.Domain.Chargeback;

/// <summary>The codes of the two special departments, which exist from the start.</summary>
public static class DepartmentCodes
{
    /// <summary>Stands for all external customers together.</summary>
    public const string ExternalBusiness = "EXTERNAL-BUSINESS";

    /// <summary>Makes visible what nobody consumes.</summary>
    public const string Unallocated = "UNALLOCATED";
}
