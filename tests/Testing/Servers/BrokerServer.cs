using System.Net.Http.Headers;
using System.Text;

namespace Testing.Servers;

/// <summary>A RabbitMQ on which the tests may make virtual hosts by its management API.</summary>
public sealed record BrokerServer(string Host, int Port, string Username, string Password, int ManagementPort)
{
    /// <summary>A client of the management API; addresses are relative to <c>/api/</c>.</summary>
    public HttpClient Management()
    {
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Username}:{Password}"));
        return new HttpClient
        {
            BaseAddress = new Uri($"http://{Host}:{ManagementPort}/api/"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", credentials) },
        };
    }
}
