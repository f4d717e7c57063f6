using ServiceMesh.Printing;
using ServiceMesh.Printing.Pdf;
using Testing.Documents;

namespace Printing.Tests;

public sealed class PdfPrinterTests
{
    [Fact]
    public async Task A_sheet_shows_every_part_in_its_language()
    {
        var page = Assert.Single(await PdfText.PagesOf(PdfPrinter.Print(Sample.In(PrintLanguage.Spanish))));

        string[] expected =
        [
            "Statement", "SALES & <marketing>", "Señora Núñez", "octubre de 2026", "2 de noviembre de 2026",
            "-1.234.567,50 USD", "Amount (USD)", "Pool number 3", "33,33 %", "1.234,5", "3.000,30", "6.000,60", "Budget",
            "5.000,00 USD", "Paid by nobody: it is internal.", "Página 1 de 1",
        ];
        Assert.All(expected, text => Assert.Contains(text, page, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_table_goes_on_under_the_same_headings_and_loses_no_row()
    {
        var pages = await PdfText.PagesOf(PdfPrinter.Print(Sample.In(PrintLanguage.English, rows: 200)));

        Assert.True(pages.Count > 3);
        Assert.All(pages.SkipLast(1), page => Assert.Contains("Amount (USD)", page, StringComparison.Ordinal));
        Assert.All(
            Enumerable.Range(1, pages.Count),
            number => Assert.Contains($"Page {number} of {pages.Count}", pages[number - 1], StringComparison.Ordinal));
        var all = string.Concat(pages);
        Assert.All(Enumerable.Range(1, 200), row => Assert.Contains($"Pool number {row} ", all, StringComparison.Ordinal));
    }

    [Fact]
    public void No_figure_leaves_its_sheet_and_no_word_is_lost()
    {
        using var fonts = new Fonts();
        var longName = string.Concat(Enumerable.Repeat("Unbreakable", 30));
        var document = Sample.In(PrintLanguage.English) with
        {
            Subtitle = longName,
            Blocks = [new Block.Notes("", [longName, "a b"]), .. Sample.In(PrintLanguage.English).Blocks],
        };

        var texts = PdfLayout.Of(document, fonts).SelectMany(sheet => sheet.Marks).OfType<Mark.Text>().ToArray();

        Assert.All(texts.Where(text => text.Face.Size > 8_00), text => Assert.InRange(
            text.AtRight ? text.X : text.X + fonts.WidthOf(text.Content, text.Face), Sheet.Left, Sheet.Right + 1_00));
        var notes = texts.Where(text => text.Face.Size == 9_00 && text.Content.Contains("nbreakabl", StringComparison.Ordinal));
        Assert.Equal(longName, string.Concat(notes.Select(text => text.Content)));
    }

    [Fact]
    public void The_same_document_gives_the_same_bytes() => Assert.Equal(
        PdfPrinter.Print(Sample.In(PrintLanguage.English)), PdfPrinter.Print(Sample.In(PrintLanguage.English)));
}
