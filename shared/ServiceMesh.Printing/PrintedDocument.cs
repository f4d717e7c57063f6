using ServiceMesh.Primitives;

namespace ServiceMesh.Printing;

/// <summary>
/// A statement, an invoice or a report as it is to be read on paper: what stands where, and in which language. Each
/// form of it (<see cref="Html.HtmlPrinter"/>, <see cref="Pdf.PdfPrinter"/>) shows the same words and figures.
/// </summary>
public sealed record PrintedDocument
{
    public required PrintLanguage Language { get; init; }

    /// <summary>What it is, for example <c>Invoice</c>.</summary>
    public required string Title { get; init; }

    /// <summary>Which one, for example its number or its month.</summary>
    public required string Subtitle { get; init; }

    /// <summary>Who issues it; stands at the head and at the foot of each page.</summary>
    public required string Issuer { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From whom and to whom, side by side.</summary>
    public IReadOnlyList<Party> Parties { get; init; } = [];

    /// <summary>Dates, numbers, states: what is looked up rather than read.</summary>
    public IReadOnlyList<Fact> Facts { get; init; } = [];

    /// <summary>Tables, charts and notes, from top to bottom.</summary>
    public required IReadOnlyList<Block> Blocks { get; init; }
}

/// <summary>One of those whom the document concerns.</summary>
/// <param name="Role">For example <c>Bill to</c>.</param>
/// <param name="Name">Printed in bold.</param>
/// <param name="Lines">Address, tax number and the like.</param>
public sealed record Party(string Role, string Name, IReadOnlyList<string> Lines);

/// <summary>A label and what it stands for.</summary>
public sealed record Fact(string Label, Value Value);

/// <summary>A part of a document that takes the whole width.</summary>
public abstract record Block
{
    private Block()
    {
    }

    /// <summary>Rows under headings. A table that does not fit a page goes on under the same headings.</summary>
    public sealed record Table(string Title, IReadOnlyList<Column> Columns, IReadOnlyList<Row> Rows) : Block;

    /// <summary>Paragraphs.</summary>
    public sealed record Notes(string Title, IReadOnlyList<string> Paragraphs) : Block;

    /// <summary>Amounts as horizontal bars from a common zero.</summary>
    public sealed record Chart(string Title, IReadOnlyList<Bar> Bars) : Block;
}

/// <summary>A column of a table.</summary>
/// <param name="Heading">Its name.</param>
/// <param name="Kind">Figures stand at the right, so that their digits align.</param>
/// <param name="Weight">Its part of the width.</param>
public sealed record Column(string Heading, ColumnKind Kind, int Weight)
{
    /// <summary>Stands in the heading; amounts in it are then printed without.</summary>
    public Currency? Currency { get; init; }

    internal string PrintedHeading => Currency is { } currency ? $"{Heading} ({currency.Code})" : Heading;
}

public enum ColumnKind
{
    Words,
    Figures,
}

/// <summary>As many values as the table has columns.</summary>
public sealed record Row(IReadOnlyList<Value> Cells, RowKind Kind = RowKind.Plain);

public enum RowKind
{
    Plain,

    /// <summary>In bold under a line.</summary>
    Total,
}

/// <summary>One amount of a chart; without an amount its place says that there is none.</summary>
public sealed record Bar(string Label, Money? Amount, BarTone Tone = BarTone.Main);

public enum BarTone
{
    /// <summary>What the chart is about.</summary>
    Main,

    /// <summary>What it is compared with.</summary>
    Reference,
}
