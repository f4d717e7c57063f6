using System.Xml.Linq;
using ServiceMesh.Printing;
using ServiceMesh.Printing.Html;

namespace Printing.Tests;

public sealed class HtmlPrinterTests
{
    [Fact]
    public void A_page_shows_every_part_in_its_language()
    {
        var page = HtmlPrinter.Print(Sample.In(PrintLanguage.Spanish));

        Assert.Contains("<html lang=\"es\">", page, StringComparison.Ordinal);
        var texts = Texts(page);
        string[] expected =
        [
            "Northwind IT Services", "Statement", "Señora Núñez", "28013 Madrid", "octubre de 2026", "2 de noviembre de 2026",
            "-1.234.567,50 USD", "Amount (USD)", "Pool number 3", "33,33 %", "1.234,5", "3.000,30", "6.000,60", "Budget",
            "5.000,00 USD", "–", "Paid by nobody: it is internal.",
        ];
        Assert.Empty(expected.Except(texts));
    }

    [Fact]
    public void What_is_said_in_a_name_is_text_and_never_markup()
    {
        var page = HtmlPrinter.Print(Sample.In(PrintLanguage.English) with { Issuer = "<script>alert('x')</script>\"{{ x }}" });

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<script>alert('x')</script>\"{{ x }}", Texts(page));
        Assert.Contains("SALES & <marketing>", Texts(page));
    }

    [Fact]
    public void A_page_needs_nothing_from_elsewhere()
    {
        var page = HtmlPrinter.Print(Sample.In(PrintLanguage.English));
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    /// <summary>The page is also well-formed XML but for what HTML leaves open.</summary>
    private static List<string> Texts(string page)
    {
        var open = page.IndexOf("<body>", StringComparison.Ordinal);
        var body = page[open..page.IndexOf("</html>", StringComparison.Ordinal)];
        return [.. XElement.Parse(body).DescendantNodes().OfType<XText>().Select(text => text.Value)];
    }
}
