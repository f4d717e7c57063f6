using InternalServices.Api;
using ServiceMesh.Hosting;

return await ServiceCommands.Run(args, InternalServicesApp.Build, InternalServicesApp.Migrate);
