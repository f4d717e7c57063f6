using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace Testing.Services;

/// <summary>A service as a process of its own, so that a test can kill it.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Suspend = 19;
    private const int Continue = 18;

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ServiceProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Everything it has printed so far.</summary>
    public string Output
    {
        get
        {
            lock (_output) return _output.ToString();
        }
    }

    /// <summary>Starts the executable of an assembly and returns once it is ready to serve.</summary>
    /// <param name="executable">Any assembly with an entry point that the test project references.</param>
    /// <param name="settings">Configuration as <c>--Key:Name=value</c>.</param>
    public static Task<ServiceProcess> Start(Assembly executable, params IEnumerable<string>[] settings) =>
        Start(executable, FreePort(), settings);

    /// <inheritdoc cref="Start(Assembly, IEnumerable{string}[])"/>
    public static async Task<ServiceProcess> Start(
        Assembly executable, int port, params IEnumerable<string>[] settings)
    {
        var service = Launch(executable, [.. settings.SelectMany(part => part)], port);
        try
        {
            await service.Ready();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it without waiting for anything.</summary>
    public static ServiceProcess Launch(
        Assembly executable,
        IReadOnlyList<string> arguments,
        int? port = null,
        params (string Name, string Value)[] environment)
    {
        var address = new Uri($"http://127.0.0.1:{port ?? FreePort()}");
        var start = new ProcessStartInfo("dotnet", [executable.Location, .. arguments, $"--urls={address}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(executable.Location),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ServiceProcess(Process.Start(start)!, address);
    }

    /// <summary>Runs a one-shot command of a service, such as <c>migrate</c>, to its end.</summary>
    public static async Task Run(Assembly executable, string command, params IEnumerable<string>[] settings)
    {
        await using var service = Launch(executable, [command, .. settings.SelectMany(part => part)]);
        await service._process.WaitForExitAsync();
        if (service._process.ExitCode != 0)
            throw new InvalidOperationException($"{command} ended with {service._process.ExitCode}: {service.Output}");
    }

    public async Task Ready()
    {
        using var client = Client();
        await Eventually.Holds(
            async () => _process.HasExited || (await client.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK,
            what: $"{_process.StartInfo.ArgumentList[0]} is ready");
        if (_process.HasExited) throw new InvalidOperationException($"It ended with {_process.ExitCode}: {Output}");
    }

    /// <summary>A client with or without a token.</summary>
    public HttpClient Client(string? token = null) => Clients.Create(Address, token);

    /// <summary>At once, as a power failure would: the process learns nothing of it.</summary>
    public async Task Kill()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it ends by itself; returns its exit code.</summary>
    public async Task<int> Exited()
    {
        await _process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return _process.ExitCode;
    }

    /// <summary>As an operator stops it; returns its exit code.</summary>
    public async Task<int> Stop()
    {
        Send(Terminate);
        return await Exited();
    }

    /// <summary>Stands still without closing its connections, as a machine that hangs.</summary>
    public void Freeze() => Send(Suspend);

    public void Thaw() => Send(Continue);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Kill();
        _process.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        lock (_output) _output.AppendLine(line);
    }

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Send(int signal)
    {
        if (SendSignal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Process {_process.Id} took no signal.");
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int process, int signal);
}
