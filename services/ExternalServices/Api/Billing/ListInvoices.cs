using ServiceMesh.Data;
using ServiceMesh.Hosting.Http;
using ServiceMesh.Hosting.Identity;
using ServiceMesh.Primitives;

namespace ExternalServices.Api.Billing;

public static class ListInvoices
{
    public static async Task<Page<InvoiceSummary>> Handle(
        string? customer,
        Period? month,
        Guid? run,
        string? state,
        Paging paging,
        Caller caller,
        Database database,
        CancellationToken cancellationToken)
    {
        var heads = await database.Read(
            caller.Tenant,
            transaction => transaction.Query<InvoiceHead>(
                Select,
                new { Customer = customer, Month = month, Run = run, State = state, paging.After, paging.Fetch }),
            cancellationToken);
        return paging.Page([.. heads.Select(head => head.ToSummary())], invoice => $"{invoice.Id}");
    }

    private const string Select = """
        select id, state, number, customer, legal_entity, contract, month, issue_date, due_date, currency, net, tax,
            gross, fees, paid, credited, is_debit_note, run, version
        from billing.invoices
        where (@Customer is null or customer = @Customer)
            and (@Month is null or month = @Month)
            and (@Run is null or run = @Run)
            and (@State is null or state = @State)
            and (@After = '' or id > nullif(@After, '')::uuid)
        order by id
        limit @Fetch
        """;
}
