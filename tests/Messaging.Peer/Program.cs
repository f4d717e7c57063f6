using Messaging.Peer;
using Microsoft.Extensions.Hosting;

await PeerHost.Build(args).RunAsync();
