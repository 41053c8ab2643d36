using PolyArb.Simulator.Hosting;

return await ServeCommand.RunAsync(args);
