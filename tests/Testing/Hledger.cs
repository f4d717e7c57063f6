using System.Diagnostics;

namespace Testing;

/// <summary>The program that reads plain-text journals and knows nothing of ours.</summary>
public static class Hledger
{
    /// <summary>What it prints about a journal, and its complaint when it has one.</summary>
    public static async Task<string> Run(string journal, params string[] arguments)
    {
        Process process;
        try
        {
            process = Process.Start(new ProcessStartInfo("hledger", ["--file=-", .. arguments])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                Environment = { ["LANG"] = "C.UTF-8" },
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("hledger is not installed (Debian package hledger).");
            throw;
        }

        using (process)
        {
            await process.StandardInput.WriteAsync(journal);
            process.StandardInput.Close();
            var output = await process.StandardOutput.ReadToEndAsync();
            return output + await process.StandardError.ReadToEndAsync();
        }
    }

    /// <summary>Every account with its balance, without the top of its name: <c>cash 1000.10</c>.</summary>
    public static async Task<IReadOnlyList<string>> Balances(string journal, params string[] arguments)
    {
        var csv = await Run(journal, ["balance", "--flat", "--no-total", "--output-format=csv", .. arguments]);
        return
        [
            .. from line in csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
               let cells = line.Trim('"').Split("\",\"")
               select $"{cells[0][(cells[0].IndexOf(':', StringComparison.Ordinal) + 1)..]} {cells[1].Split(' ')[0]}",
        ];
    }
}
