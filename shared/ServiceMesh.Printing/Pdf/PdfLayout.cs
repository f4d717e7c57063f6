namespace ServiceMesh.Printing.Pdf;

/// <summary>Lays out a document on sheets of A4.</summary>
internal static class PdfLayout
{
    private const int PartiesAtMost = 3;
    private const int FactsAbreast = 4;

    private static readonly Face Title = new(20_00, Bold: true);
    private static readonly Face Subtitle = new(11_00);
    private static readonly Face BlockTitle = new(11_50, Bold: true);
    private static readonly Face Name = new(9_50, Bold: true);
    private static readonly Face Body = new(9_00);
    private static readonly Face Small = new(7_50);

    public static IReadOnlyList<Sheet> Of(PrintedDocument document, Fonts fonts)
    {
        var flow = new PageFlow(fonts);
        LayHead(document, flow);
        LayAbreast(document.Parties, PartiesAtMost, flow, (party, x, width) => LayParty(party, x, width, flow));
        LayAbreast(document.Facts, FactsAbreast, flow, (fact, x, width) => LayFact(fact, x, width, document.Language, flow));
        foreach (var block in document.Blocks) LayBlock(block, document.Language, flow);
        LayFeet(document, flow.Sheets);
        return flow.Sheets;
    }

    private static void LayHead(PrintedDocument document, PageFlow flow)
    {
        flow.Skip(flow.Put(Sheet.Left, flow.Y, Sheet.TextWidth, document.Issuer, Body, Tone.Quiet));
        flow.Skip(flow.Put(Sheet.Left, flow.Y, Sheet.TextWidth, document.Title, Title, Tone.Ink));
        flow.Skip(flow.Put(Sheet.Left, flow.Y, Sheet.TextWidth, document.Subtitle, Subtitle, Tone.Quiet));
    }

    /// <summary>So many beside each other; each says how high it is.</summary>
    private static void LayAbreast<T>(IReadOnlyList<T> items, int atMost, PageFlow flow, Func<T, int, int, int> lay)
    {
        const int gap = 14_00;
        var abreast = Math.Min(atMost, items.Count);
        foreach (var line in items.Chunk(Math.Max(1, abreast)))
        {
            flow.Skip(gap);
            var width = (Sheet.TextWidth - gap * (abreast - 1)) / abreast;
            flow.Skip(line.Select((item, i) => lay(item, Sheet.Left + i * (width + gap), width)).Max());
        }
    }

    private static int LayParty(Party party, int x, int width, PageFlow flow)
    {
        var height = flow.Put(x, flow.Y, width, party.Role, Small, Tone.Quiet);
        height += flow.Put(x, flow.Y + height, width, party.Name, Name, Tone.Ink);
        foreach (var line in party.Lines) height += flow.Put(x, flow.Y + height, width, line, Body, Tone.Ink);
        return height;
    }

    private static int LayFact(Fact fact, int x, int width, PrintLanguage language, PageFlow flow)
    {
        var height = flow.Put(x, flow.Y, width, fact.Label, Small, Tone.Quiet);
        return height + flow.Put(x, flow.Y + height, width, language.Format(fact.Value), Body, Tone.Ink);
    }

    private static void LayBlock(Block block, PrintLanguage language, PageFlow flow)
    {
        const int above = 20_00;
        switch (block)
        {
            case Block.Table table:
                LayTitle(table.Title, above, 40_00, flow);
                new TableLayout(table, language, flow).Lay();
                break;
            case Block.Notes notes:
                LayTitle(notes.Title, above, Body.LineHeight, flow);
                foreach (var paragraph in notes.Paragraphs) LayParagraph(paragraph, flow);
                break;
            case Block.Chart chart:
                LayTitle(chart.Title, above, HeightOf(ChartLayout.Of(chart, language)), flow);
                LayChart(ChartLayout.Of(chart, language), flow);
                break;
        }
    }

    /// <param name="following">What must stand on the same sheet as the title.</param>
    private static void LayTitle(string title, int above, int following, PageFlow flow)
    {
        flow.Skip(above);
        flow.MakeRoom(BlockTitle.LineHeight + following);
        if (title.Length > 0) flow.Skip(flow.Put(Sheet.Left, flow.Y, Sheet.TextWidth, title, BlockTitle, Tone.Ink));
    }

    private static void LayParagraph(string paragraph, PageFlow flow)
    {
        foreach (var line in flow.Fonts.Wrap(paragraph, Body, Sheet.TextWidth))
        {
            flow.MakeRoom(Body.LineHeight);
            flow.Skip(flow.Put(Sheet.Left, flow.Y, Sheet.TextWidth, line, Body, Tone.Ink));
        }

        flow.Skip(Body.LineHeight / 3);
    }

    private static void LayChart(ChartLayout chart, PageFlow flow)
    {
        var top = flow.Y + 6_00;
        foreach (var bar in chart.Bars)
        {
            var y = top + Scaled(bar.Y);
            flow.Put(Sheet.Left, y + 2_00, Scaled(ChartLayout.PlotLeft) - 4_00, bar.Label, Body, Tone.Ink);
            flow.Add(new Mark.Box(
                Sheet.Left + Scaled(bar.X),
                y,
                Scaled(bar.Length),
                Scaled(ChartLayout.BarHeight),
                bar.Tone == BarTone.Main ? Tone.Main : Tone.Reference));
            flow.Add(new Mark.Text(Sheet.Right, y + 2_00 + Body.Size, bar.Amount, Body, Tone.Ink, AtRight: true));
        }

        flow.Add(new Mark.Line(Sheet.Left + Scaled(chart.Zero), top, Scaled(chart.Height), Tone.Ink, Upright: true));
        flow.Skip(HeightOf(chart));
    }

    private static int HeightOf(ChartLayout chart) => Scaled(chart.Height) + 12_00;

    private static int Scaled(int length) => length * Sheet.TextWidth / ChartLayout.Width;

    private static void LayFeet(PrintedDocument document, IReadOnlyList<Sheet> sheets)
    {
        const int baseline = Sheet.Height - 36_00;
        for (var i = 0; i < sheets.Count; i++)
        {
            var page = document.Language.FormatPage(i + 1, sheets.Count);
            var which = $"{document.Issuer} · {document.Title} · {document.Subtitle}";
            sheets[i].Marks.Add(new Mark.Line(Sheet.Left, baseline - 12_00, Sheet.TextWidth, Tone.Rule));
            sheets[i].Marks.Add(new Mark.Text(Sheet.Left, baseline, which, Small, Tone.Quiet));
            sheets[i].Marks.Add(new Mark.Text(Sheet.Right, baseline, page, Small, Tone.Quiet, AtRight: true));
        }
    }
}
