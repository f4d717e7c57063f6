using ExternalServices.Api;
using ServiceMesh.Hosting;

return await ServiceCommands.Run(args, ExternalServicesApp.Build, ExternalServicesApp.Migrate);
