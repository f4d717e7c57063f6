using Gateway;
using Gateway.Clients;
using ServiceMesh.Hosting;

IoThreads.RunContinuations();
return args is ["add-client", .. var client]
    ? await Bootstrap.AddClient(GatewayApp.Build(client))
    : await ServiceCommands.Run(args, GatewayApp.Build, Bootstrap.Migrate);
