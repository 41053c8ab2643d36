using PolyArb.Client.Capture;

var report = await new CaptureCheck(args.Length > 2 ? CaptureMeta.Parse(File.ReadAllText(args[2])) : []).Run(args[1], CancellationToken.None);
Console.WriteLine(System.Text.Json.JsonSerializer.Serialize(report with { Books = report.Books.Take(3).ToList() }));
