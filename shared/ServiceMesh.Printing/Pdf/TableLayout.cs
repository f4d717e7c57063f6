namespace ServiceMesh.Printing.Pdf;

/// <summary>Lays out one table; its headings stand again on each sheet that it goes on to.</summary>
internal sealed class TableLayout(Block.Table table, PrintLanguage language, PageFlow flow)
{
    private const int Gap = 8_00;
    private const int RowPadding = 4_00;

    private static readonly Face Heading = new(8_00, Bold: true);
    private static readonly Face Plain = new(9_00);
    private static readonly Face Total = new(9_00, Bold: true);

    private readonly int[] _widths = Widths(table, language, flow.Fonts);

    public void Lay()
    {
        LayHeadings();
        foreach (var row in table.Rows)
        {
            var texts = row.Cells.Zip(table.Columns, (cell, column) => language.Format(cell, column.Currency)).ToArray();
            var face = row.Kind == RowKind.Total ? Total : Plain;
            if (flow.MakeRoom(HeightOf(texts, face))) LayHeadings();
            LayRow(texts, face, row.Kind == RowKind.Total);
        }
    }

    private void LayHeadings()
    {
        var texts = table.Columns.Select(column => column.PrintedHeading).ToArray();
        flow.MakeRoom(HeightOf(texts, Heading) * 2);
        Put(texts, Heading, Tone.Ink);
        flow.Add(new Mark.Line(Sheet.Left, flow.Y, Sheet.TextWidth, Tone.Ink));
    }

    private void LayRow(string[] texts, Face face, bool isTotal)
    {
        if (isTotal) flow.Add(new Mark.Line(Sheet.Left, flow.Y, Sheet.TextWidth, Tone.Ink));
        Put(texts, face, Tone.Ink);
        if (!isTotal) flow.Add(new Mark.Line(Sheet.Left, flow.Y, Sheet.TextWidth, Tone.Rule));
    }

    private void Put(string[] texts, Face face, Tone tone)
    {
        var x = Sheet.Left;
        var height = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            var atRight = table.Columns[i].Kind == ColumnKind.Figures;
            height = Math.Max(height, flow.Put(x, flow.Y + RowPadding, _widths[i], texts[i], face, tone, atRight));
            x += _widths[i] + Gap;
        }

        flow.Skip(height + RowPadding * 2);
    }

    private int HeightOf(string[] texts, Face face) =>
        texts.Select((text, i) => flow.HeightOf(text, face, _widths[i])).Max() + RowPadding * 2;

    /// <summary>By weight; but figures are never broken while the words beside them can give way.</summary>
    private static int[] Widths(Block.Table table, PrintLanguage language, Fonts fonts)
    {
        var free = Sheet.TextWidth - Gap * (table.Columns.Count - 1);
        var total = table.Columns.Sum(column => column.Weight);
        var widths = table.Columns.Select(column => free * column.Weight / total).ToArray();
        var words = Enumerable.Range(0, widths.Length).Where(i => table.Columns[i].Kind == ColumnKind.Words).ToArray();
        for (var i = 0; i < widths.Length; i++)
        {
            if (table.Columns[i].Kind == ColumnKind.Words || words.Length == 0) continue;
            var needed = table.Rows
                .Select(row => fonts.WidthOf(language.Format(row.Cells[i], table.Columns[i].Currency), Total))
                .DefaultIfEmpty(0).Max();
            var widest = words.MaxBy(word => widths[word]);
            var given = Math.Clamp(needed - widths[i], 0, widths[widest] / 2);
            widths[i] += given;
            widths[widest] -= given;
        }

        return widths;
    }
}
