using System.Globalization;
using System.Text.Json;
using ExternalServices.Api.Ledger;
using ExternalServices.Api.Parties;
using ExternalServices.Domain.Billing;
using ExternalServices.Domain.Ledger;
using ServiceMesh.Contracts;
using ServiceMesh.Data;
using ServiceMesh.Hosting.Json;
using ServiceMesh.Messaging;

namespace ExternalServices.Api.Billing.Running;

/// <summary>
/// Stores a chunk's invoices: one statement for the invoices, one for their lines, one for their taxes.
/// </summary>
internal sealed class InvoiceWriter
{
    private readonly RunningRun _run;
    private readonly List<Row> _rows;

    /// <param name="run">To which the invoices belong.</param>
    /// <param name="drafts">In the order in which they are numbered.</param>
    /// <param name="numbers">By legal entity; null when they stay drafts.</param>
    public InvoiceWriter(
        RunningRun run, IReadOnlyList<ContractDraft> drafts, Dictionary<string, TakenNumbers>? numbers)
    {
        _run = run;
        _rows = new List<Row>(drafts.Count);
        var used = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var draft in drafts)
        {
            var entity = draft.Contract.LegalEntity;
            var offset = used.GetValueOrDefault(entity);
            used[entity] = offset + 1;
            var taken = numbers?[entity];
            _rows.Add(new Row(draft, taken, taken?.First + offset));
        }
    }

    public async Task Write(Transaction transaction, Outbox outbox)
    {
        if (_rows.Count == 0) return;
        foreach (var row in _rows) row.Id = Guid.CreateVersion7(transaction.Now);
        await transaction.Execute(InsertInvoices, Invoices(transaction.Now));
        await transaction.Execute(InsertLines, Lines());
        await transaction.Execute(InsertTaxes, Taxes());
        if (!_run.Finalizes) return;
        await LedgerWriter.Post(transaction, [.. _rows.Select(row => row.Booked())]);
        await outbox.Add(transaction, [.. _rows.Select(row => row.Issued(transaction.Now))]);
    }

    private object Invoices(DateTimeOffset now) => new
    {
        Run = _run.Id,
        _run.Month,
        _run.Watermark,
        Now = now,
        FinalizedAt = _run.Finalizes ? now : (DateTimeOffset?)null,
        Ids = Column(row => row.Id),
        States = Column(row => row.State),
        Customers = Column(row => row.Contract.Customer),
        CustomerVersions = Column(row => row.Contract.CustomerVersion),
        Entities = Column(row => row.Contract.LegalEntity),
        EntityVersions = Column(row => row.Contract.LegalEntityVersion),
        Contracts = Column(row => row.Contract.Code),
        Currencies = Column(row => row.Contract.Currency),
        TaxPoints = Column(row => row.Draft.TaxPoint),
        Nets = Column(row => row.Totals.NetTotal),
        Taxes = Column(row => row.Totals.TaxTotal),
        Gross = Column(row => row.Totals.GrossTotal),
        Years = Column(row => row.Taken?.Year),
        Sequences = Column(row => row.Sequence),
        Numbers = Column(row => row.Number),
        IssueDates = Column(row => row.Taken?.IssueDate),
        DueDates = Column(row => row.Taken?.IssueDate.AddDays(row.Contract.PaymentTermsDays)),
        DebitNotes = Column(row => row.Draft.IsDebitNote),
    };

    private object Lines()
    {
        var lines = _rows.SelectMany(row => row.Draft.Invoice.Lines.Select(line => (Row: row, Line: line))).ToList();
        T[] Each<T>(Func<(Row Row, InvoiceLine Line), T> value) => [.. lines.Select(value)];
        return new
        {
            Invoices = Each(each => each.Row.Id),
            Numbers = Each(each => each.Line.Number),
            Customers = Each(each => each.Row.Contract.Customer),
            Contracts = Each(each => each.Line.Contract),
            Charges = Each(each => each.Line.Charge),
            Services = Each(each => each.Line.Service),
            Descriptions = Each(each => each.Line.Description),
            From = Each(each => each.Line.ServicePeriod.Start),
            To = Each(each => each.Line.ServicePeriod.End),
            FullFrom = Each(each => each.Line.Period.Full.Start),
            FullTo = Each(each => each.Line.Period.Full.End),
            Units = Each(each => each.Line.Unit),
            Quantities = Each(each => each.Line.Amounts.Quantity),
            Prices = Each(each => each.Line.Amounts.Price),
            BaseQuantities = Each(each => each.Line.Amounts.BaseQuantity),
            Nets = Each(each => each.Line.Net),
            Categories = Each(each => each.Line.Tax.Category),
            Rates = Each(each => each.Line.Tax.Rate),
            Metered = Each(each => each.Line.Explanation.MeteredQuantity),
            Events = Each(each => each.Line.Explanation.Events),
            UsageFrom = Each(each => each.Line.UsageIn?.Start),
            UsageTo = Each(each => each.Line.UsageIn?.End),
            Kinds = Each(each => each.Line.Kind),
            Causes = Each(each => each.Line.Cause),
            LeftOver = Each(each => each.Line.LeftOver),
            Allowances = Each(each => each.Line.Allowances.Count == 0
                ? null
                : JsonSerializer.Serialize(each.Line.Allowances, Wire.Options)),
        };
    }

    private object Taxes()
    {
        var taxes = _rows.SelectMany(row => row.Totals.TaxGroups.Select(tax => (Row: row, Tax: tax))).ToList();
        T[] Each<T>(Func<(Row Row, TaxGroup Tax), T> value) => [.. taxes.Select(value)];
        return new
        {
            Invoices = Each(each => each.Row.Id),
            Customers = Each(each => each.Row.Contract.Customer),
            Categories = Each(each => each.Tax.Category),
            Rates = Each(each => each.Tax.Rate),
            Bases = Each(each => each.Tax.Base),
            Taxes = Each(each => each.Tax.Tax),
            ReasonCodes = Each(each => each.Row.Draft.Invoice.TreatmentOf(each.Tax).ReasonCode),
            Reasons = Each(each => each.Row.Draft.Invoice.TreatmentOf(each.Tax).Reason),
        };
    }

    private T[] Column<T>(Func<Row, T> value) => [.. _rows.Select(value)];

    private sealed class Row(ContractDraft draft, TakenNumbers? taken, long? sequence)
    {
        public Guid Id { get; set; }

        public ContractDraft Draft => draft;

        public BilledContract Contract => draft.Contract;

        public InvoiceTotals Totals => draft.Invoice.Totals;

        public InvoiceState State =>
            taken is null ? InvoiceState.Draft : InvoiceStates.Issued(Totals.GrossTotal);

        public TakenNumbers? Taken => taken;

        public long? Sequence => sequence;

        public string? Number => sequence is { } number ? taken!.Number(number) : null;

        public LedgerTransaction Booked() => IssueBooking.Of(
            Id,
            Contract.LegalEntity,
            Contract.Customer,
            Taken!.IssueDate,
            Number!,
            Contract.Currency,
            Totals.NetTotal,
            Totals.TaxGroups);

        public InvoiceIssued Issued(DateTimeOffset now) => new InvoiceIssued
        {
            EventId = Guid.CreateVersion7(now),
            OccurredAt = now,
            AggregateId = Id.ToString(),
            AggregateVersion = 1,
            Number = Number!,
            Customer = Contract.Customer,
            LegalEntity = Contract.LegalEntity,
            IssueDate = Taken!.IssueDate.ToString("O", CultureInfo.InvariantCulture),
            Currency = Contract.Currency.Code,
            Net = Totals.NetTotal,
            Tax = Totals.TaxTotal,
            Gross = Totals.GrossTotal,
        };
    }

    private const string InsertInvoices = """
        insert into billing.invoices (
            id, customer, customer_version, legal_entity, legal_entity_version, contract, run, month, state, currency,
            tax_point, net, tax, gross, watermark, created_at, year, sequence, number, issue_date, due_date,
            finalized_at, finalizes_at, is_debit_note)
        select id, customer, customer_version, legal_entity, legal_entity_version, contract, @Run, @Month, state,
            currency, tax_point, net, tax, gross, @Watermark, @Now, year, sequence, number, issue_date, due_date,
            @FinalizedAt, @Now + make_interval(hours => (select grace_hours from billing.runs where id = @Run)),
            is_debit_note
        from unnest(
            @Ids, @States, @Customers, @CustomerVersions, @Entities, @EntityVersions, @Contracts, @Currencies,
            @TaxPoints, @Nets, @Taxes, @Gross, @Years, @Sequences, @Numbers, @IssueDates, @DueDates,
            @DebitNotes) as invoice (
            id, state, customer, customer_version, legal_entity, legal_entity_version, contract, currency, tax_point,
            net, tax, gross, year, sequence, number, issue_date, due_date, is_debit_note)
        """;

    private const string InsertLines = """
        insert into billing.invoice_lines (
            invoice, number, customer, contract, charge, service, description, period_from, period_to, full_from,
            full_to, unit, quantity, price, base_quantity, net, tax_category, tax_rate, metered_quantity, events,
            usage_from, usage_to, kind, cause, left_over, allowances)
        select invoice, number, customer, contract, charge, service, description, period_from, period_to, full_from,
            full_to, unit, quantity, price, base_quantity, net, tax_category, tax_rate, metered_quantity, events,
            usage_from, usage_to, kind, cause, left_over, allowances::jsonb
        from unnest(
            @Invoices, @Numbers, @Customers, @Contracts, @Charges, @Services, @Descriptions, @From, @To, @FullFrom,
            @FullTo, @Units, @Quantities, @Prices, @BaseQuantities, @Nets, @Categories, @Rates, @Metered, @Events,
            @UsageFrom, @UsageTo, @Kinds, @Causes, @LeftOver, @Allowances) as line (
            invoice, number, customer, contract, charge, service, description, period_from, period_to, full_from,
            full_to, unit, quantity, price, base_quantity, net, tax_category, tax_rate, metered_quantity, events,
            usage_from, usage_to, kind, cause, left_over, allowances)
        """;

    private const string InsertTaxes = """
        insert into billing.invoice_taxes (invoice, customer, category, rate, base, tax, reason_code, reason)
        select invoice, customer, category, rate, base, tax, reason_code, reason
        from unnest(@Invoices, @Customers, @Categories, @Rates, @Bases, @Taxes, @ReasonCodes, @Reasons)
            as tax (invoice, customer, category, rate, base, tax, reason_code, reason)
        """;
}
