using System.Diagnostics;
using Testing;
using Testing.Services;

namespace Benchmarks;

/// <summary>nginx as a plain proxy: no token, no limit, no log, connections kept on both sides.</summary>
internal sealed class Nginx : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private Nginx(Process process, string folder, Uri address)
    {
        _process = process;
        _folder = folder;
        Address = address;
    }

    public Uri Address { get; }

    public int Process => _process.Id;

    public static async Task<Nginx> Start(Uri service)
    {
        var folder = Directory.CreateTempSubdirectory("nginx-").FullName;
        var address = new Uri($"http://127.0.0.1:{ServiceProcess.FreePort()}");
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(file, Configuration(folder, address, service));
        var process = Tool.Start("nginx", "-p", folder, "-c", file);
        var nginx = new Nginx(process, folder, address);
        using var client = new HttpClient { BaseAddress = address };
        await Eventually.Holds(async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode);
        return nginx;
    }

    private static string Configuration(string folder, Uri address, Uri service) => $$"""
        daemon off;
        worker_processes auto;
        pid {{folder}}/pid;
        error_log {{folder}}/error.log;
        events { worker_connections 1024; }
        http {
          access_log off;
          keepalive_requests 100000000;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          upstream service { server {{service.Authority}}; keepalive 64; keepalive_requests 100000000; }
          server {
            listen {{address.Authority}};
            location / { proxy_pass http://service; proxy_http_version 1.1; proxy_set_header Connection ""; }
          }
        }
        """;

    public async ValueTask DisposeAsync()
    {
        using (var stop = Tool.Start("nginx", "-p", _folder, "-c", Path.Combine(_folder, "nginx.conf"), "-s", "quit"))
        {
            await stop.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
