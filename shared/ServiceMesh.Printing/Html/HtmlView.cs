namespace ServiceMesh.Printing.Html;

/// <summary>What the template fills in: texts, and where they stand.</summary>
internal sealed record HtmlView
{
    public required PrintedDocument Document { get; init; }

    public required string Language { get; init; }

    public required IReadOnlyList<Labelled> Facts { get; init; }

    public required IReadOnlyList<BlockView> Blocks { get; init; }

    public static HtmlView Of(PrintedDocument document) => new()
    {
        Document = document,
        Language = document.Language.Code,
        Facts = [.. document.Facts.Select(fact => new Labelled(fact.Label, document.Language.Format(fact.Value)))],
        Blocks = [.. document.Blocks.Select(block => BlockView.Of(block, document.Language))],
    };

    public sealed record Labelled(string Label, string Value);

    /// <summary>A block of any kind; <paramref name="Kind"/> says which members it has.</summary>
    public sealed record BlockView(string Kind, string Title)
    {
        public IReadOnlyList<CellView> Headings { get; init; } = [];

        public IReadOnlyList<RowView> Rows { get; init; } = [];

        public IReadOnlyList<string> Paragraphs { get; init; } = [];

        public ChartLayout? Chart { get; init; }

        public static BlockView Of(Block block, PrintLanguage language) => block switch
        {
            Block.Table table => new BlockView("table", table.Title)
            {
                Headings =
                    [.. table.Columns.Select(column => new CellView(column.PrintedHeading, ClassOf(column)))],
                Rows = [.. table.Rows.Select(row => RowView.Of(row, table.Columns, language))],
            },
            Block.Notes notes => new BlockView("notes", notes.Title) { Paragraphs = notes.Paragraphs },
            Block.Chart chart => new BlockView("chart", chart.Title) { Chart = ChartLayout.Of(chart, language) },
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, "A block of another kind."),
        };
    }

    public sealed record RowView(string Class, IReadOnlyList<CellView> Cells)
    {
        public static RowView Of(Row row, IReadOnlyList<Column> columns, PrintLanguage language) => new(
            row.Kind == RowKind.Total ? "total" : "plain",
            [
                .. row.Cells.Zip(columns, (cell, column) =>
                    new CellView(language.Format(cell, column.Currency), ClassOf(column))),
            ]);
    }

    public sealed record CellView(string Text, string Class);

    private static string ClassOf(Column column) => column.Kind == ColumnKind.Figures ? "figures" : "words";
}
