using ServiceMesh.Primitives;

namespace ExternalServices.Domain.Billing;

/// <summary>When a customer is reminded of an overdue invoice, and what a reminder costs.</summary>
/// <param name="Levels">In the order in which they are sent.</param>
public sealed record DunningPolicy(IReadOnlyList<DunningLevel> Levels)
{
    /// <summary>The reminder that is to be sent now; null when it is not yet time, or the last one was sent.</summary>
    /// <param name="sent">Reminders sent before: they are sent one after the other, however late it is.</param>
    /// <param name="daysOverdue">Days after the due date.</param>
    public DunningLevel? Next(int sent, int daysOverdue) =>
        sent < Levels.Count && daysOverdue >= Levels[sent].DaysOverdue ? Levels[sent] : null;
}

/// <summary>One reminder.</summary>
public sealed record DunningLevel
{
    /// <summary>Days after the due date from which it is sent.</summary>
    public required int DaysOverdue { get; init; }

    /// <summary>Charged on invoices in this currency; null when it costs nothing.</summary>
    public Money? Fee { get; init; }

    public decimal FeeIn(Currency currency) => Fee is { } fee && fee.Currency == currency ? fee.Amount : 0;
}
