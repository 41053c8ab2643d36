using PolyArb.Simulator.Hosting;

return await CommandLine.RunAsync(args);
