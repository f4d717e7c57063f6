namespace InternalServices.Domain.Chargeback;

/// <summary>
/// Who bears a cost: its pool's consumers by the driver, or one department or external customer directly.
/// </summary>
/// <param name="Kind">How the cost is borne.</param>
/// <param name="Code">Code of the department or customer; null when shared.</param>
public readonly record struct Assignee(AssigneeKind Kind, string? Code)
{
    /// <summary>Driven to the consumers of the pool by its driver.</summary>
    public static Assignee Shared => default;

    /// <summary>Nobody could be found: the cost stands at <see cref="DepartmentCodes.Unallocated"/>.</summary>
    public static Assignee Unallocated => Department(DepartmentCodes.Unallocated);

    public static Assignee Department(string code) => new(AssigneeKind.Department, code);

    public static Assignee Customer(string code) => new(AssigneeKind.Customer, code);

    /// <inheritdoc/>
    public override string ToString() => Kind == AssigneeKind.Shared ? "shared" : $"{Kind} {Code}";
}

public enum AssigneeKind
{
    Shared,
    Department,
    Customer,
}
