using PolyArb.Client;

return await ClientCommandLine.Run(args);
