using InternalServices.Domain.Chargeback.Runs;
using InternalServices.Domain.Chargeback.Statements;
using ServiceMesh.Printing;

namespace InternalServices.Api.Chargeback.Statements.Printed;

/// <summary>What stands on printed statements, in the reader's language.</summary>
internal sealed record StatementWords
{
    public required PrintLanguage Language { get; init; }

    public required string Statement { get; init; }

    public required string Department { get; init; }

    public required string Month { get; init; }

    public required string Issued { get; init; }

    public required string Total { get; init; }

    public required string State { get; init; }

    public required string Acknowledged { get; init; }

    public required string Chart { get; init; }

    public required string Budget { get; init; }

    public required string LastMonth { get; init; }

    public required string Comparison { get; init; }

    public required string ComparedWith { get; init; }

    public required string Difference { get; init; }

    public required string Lines { get; init; }

    public required string Pool { get; init; }

    public required string Kind { get; init; }

    public required string Quantity { get; init; }

    public required string TotalQuantity { get; init; }

    public required string Share { get; init; }

    public required string Amount { get; init; }

    public required string Notes { get; init; }

    /// <summary>{0} is the pool, {1} the months.</summary>
    public required string Late { get; init; }

    /// <summary>{0} is the day.</summary>
    public required string AcknowledgedByItself { get; init; }

    public required IReadOnlyDictionary<StatementState, string> States { get; init; }

    public required IReadOnlyDictionary<LineKind, string> Kinds { get; init; }

    public string Of(StatementState state) => States[state];

    public string Of(LineKind kind) => Kinds[kind];

    public static StatementWords In(PrintLanguage language) =>
        language == PrintLanguage.Spanish ? Spanish : English;

    private static readonly StatementWords English = new()
    {
        Language = PrintLanguage.English,
        Statement = "Statement of charges",
        Department = "Department",
        Month = "Month",
        Issued = "Issued",
        Total = "Total",
        State = "State",
        Acknowledged = "Acknowledged on",
        Chart = "Charge against budget and last month",
        Budget = "Budget",
        LastMonth = "Last month",
        Comparison = "Comparison",
        ComparedWith = "Compared with",
        Difference = "Difference",
        Lines = "Services and cost pools",
        Pool = "Service or pool",
        Kind = "How it is charged",
        Quantity = "Quantity",
        TotalQuantity = "Of",
        Share = "Share",
        Amount = "Amount",
        Notes = "Notes",
        Late = "{0}: the cost contains what arose in {1} and came after that month's close.",
        AcknowledgedByItself =
            "Unless it is acknowledged or disputed before, this statement counts as acknowledged on {0}.",
        States = new Dictionary<StatementState, string>
        {
            [StatementState.Issued] = "Issued",
            [StatementState.Acknowledged] = "Acknowledged",
            [StatementState.Disputed] = "Disputed",
            [StatementState.Settled] = "Settled",
            [StatementState.Reversed] = "Reversed",
        },
        Kinds = new Dictionary<LineKind, string>
        {
            [LineKind.Shared] = "Share of the cost",
            [LineKind.Direct] = "Assigned directly",
            [LineKind.UnusedCapacity] = "Unused capacity",
            [LineKind.OverRecovery] = "Use beyond capacity",
            [LineKind.RateCard] = "By price",
            [LineKind.TrueUp] = "True-up to cost",
            [LineKind.CarryForward] = "Difference carried forward",
            [LineKind.Absorbed] = "Difference borne",
            [LineKind.DisputeCredit] = "Settled dispute",
        },
    };

    private static readonly StatementWords Spanish = new()
    {
        Language = PrintLanguage.Spanish,
        Statement = "Extracto de cargos",
        Department = "Departamento",
        Month = "Mes",
        Issued = "Emitido",
        Total = "Total",
        State = "Estado",
        Acknowledged = "Conforme desde",
        Chart = "Cargo frente al presupuesto y al mes anterior",
        Budget = "Presupuesto",
        LastMonth = "Mes anterior",
        Comparison = "Comparación",
        ComparedWith = "Comparado con",
        Difference = "Diferencia",
        Lines = "Servicios y grupos de coste",
        Pool = "Servicio o grupo",
        Kind = "Forma de cargo",
        Quantity = "Cantidad",
        TotalQuantity = "De",
        Share = "Parte",
        Amount = "Importe",
        Notes = "Observaciones",
        Late = "{0}: el coste incluye lo originado en {1} y recibido después del cierre de ese mes.",
        AcknowledgedByItself =
            "Si no se da antes la conformidad ni se reclama, este extracto se considerará conforme el {0}.",
        States = new Dictionary<StatementState, string>
        {
            [StatementState.Issued] = "Emitido",
            [StatementState.Acknowledged] = "Conforme",
            [StatementState.Disputed] = "Reclamado",
            [StatementState.Settled] = "Resuelto",
            [StatementState.Reversed] = "Anulado",
        },
        Kinds = new Dictionary<LineKind, string>
        {
            [LineKind.Shared] = "Parte del coste",
            [LineKind.Direct] = "Asignación directa",
            [LineKind.UnusedCapacity] = "Capacidad no utilizada",
            [LineKind.OverRecovery] = "Uso por encima de la capacidad",
            [LineKind.RateCard] = "Según tarifa",
            [LineKind.TrueUp] = "Regularización a coste",
            [LineKind.CarryForward] = "Diferencia trasladada",
            [LineKind.Absorbed] = "Diferencia asumida",
            [LineKind.DisputeCredit] = "Reclamación resuelta",
        },
    };
}
