using ServiceMesh.Hosting.Documents;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;

namespace InternalServices.Api.Chargeback.Journal;

/// <summary>The double entry behind the statements.</summary>
public static class JournalEndpoints
{
    public const string Tag = "Journal";

    public static void MapJournal(this IEndpointRouteBuilder routes)
    {
        var journal = routes.MapGroup("/internal/v1/journal").WithTags(Tag).Allow(Callers.Provider);
        journal.MapGet("", ListJournal.Handle)
            .Describe(
                "listJournal",
                "List the journal of a month",
                "Cost goes from the pool where it arose to the department that bears it; every transaction sums to "
                    + "zero.")
            .Answers<Page<ListJournal.Entry>>();
        journal.MapGet("/trial-balance", GetTrialBalance.Handle)
            .Describe(
                "getTrialBalance",
                "Read the trial balance of a month",
                "Debits, credits and balance of every account.")
            .Answers<GetTrialBalance.TrialBalance>();
    }
}
