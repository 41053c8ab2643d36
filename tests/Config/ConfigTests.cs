using System.Text.Json;
using PolyArb.Config;
using PolyArb.Domain;
using PolyArb.Domain.Orders;
using Xunit;

namespace PolyArb.Tests.Config;

public sealed class ConfigTests : IDisposable
{
    private const string Key = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

    private readonly string _directory = Directory.CreateTempSubdirectory("polyarb-config-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_shipped_file_loads_and_says_what_the_defaults_say()
    {
        var shipped = Ok(ConfigLoader.Load(Shipped("config.yaml"), NoEnvironment, null)).Options;

        Assert.Equal(Texts(PolyArbOptions.Defaults), Texts(shipped));
        Assert.Equal(PolyArbOptions.Defaults.Risk, shipped.Risk);
    }

    [Fact]
    public void The_shipped_file_names_every_parameter_and_nothing_else()
    {
        var file = YamlSettings.Read("config.yaml", File.ReadAllText(Shipped("config.yaml")));

        Assert.Equal(PolyArbOptions.Defaults.Parameters.All.Select(parameter => parameter.Key).Order(), file.Settings.Keys.Order());
    }

    [Fact]
    public void The_shipped_example_of_an_environment_changes_nothing()
    {
        var options = Ok(ConfigLoader.Load(Shipped("config.yaml"), NoEnvironment, Shipped(".env.example"))).Options;

        Assert.Equal(Texts(PolyArbOptions.Defaults), Texts(options));
    }

    [Fact]
    public void An_empty_file_runs_dry_and_paused_without_any_secret()
    {
        var (options, secrets) = Ok(Load(""));

        Assert.True(options.Runtime.DryRun);
        Assert.True(options.Runtime.StartPaused);
        Assert.Equal(BotMode.Live, options.Runtime.Mode);
        Assert.False(secrets.HasPrivateKey);
        Assert.False(secrets.HasApiCredentials);
        Assert.Null(secrets.RevealPrivateKey());
    }

    [Fact]
    public void Thresholds_arrive_as_integers_with_a_unit()
    {
        var options = Ok(Load("""
            thresholds: { min_edge_threshold: 0.015 }
            risk: { max_total_exposure: 2000.5, p95_latency_ms_limit: 400, reject_rate_limit: 0.2 }
            order: { intent_price_epsilon: 0.001, intent_size_epsilon: 0.25 }
            baskets: { all_yes: [0xaa, 0xbb] }
            rate_limits: { post_order: { burst_tokens: 10 } }
            """)).Options;

        Assert.Equal(new Usd(15_000), options.Thresholds.MinEdge);
        Assert.Equal(new Usd(2_000_500_000), options.Risk.MaxTotalExposure);
        Assert.Equal(TimeSpan.FromMilliseconds(400), options.Risk.P95LatencyLimit);
        Assert.Equal(0.2m, options.Risk.RejectRateLimit);
        Assert.Equal(new Price(10), options.Order.IntentPriceEpsilon);
        Assert.Equal(new Size(250_000), options.Order.IntentSizeEpsilon);
        Assert.Equal([new MarketId("0xaa"), new MarketId("0xbb")], options.Baskets.AllYes);
        Assert.Equal(new Allowance(10, TimeSpan.FromSeconds(10)), options.RateLimits.PostBurst);
    }

    [Theory]
    [InlineData(
        "risk: { max_total_exposure: abc }",
        "config.yaml: risk.max_total_exposure = \"abc\": must be dollars, 0 or more, at most 6 decimals")]
    [InlineData(
        "risk: { max_total_exposure: -1 }",
        "config.yaml: risk.max_total_exposure = \"-1\": must be dollars, 0 or more, at most 6 decimals")]
    [InlineData(
        "risk: { max_total_exposure: 1.0000001 }",
        "config.yaml: risk.max_total_exposure = \"1.0000001\": must be dollars, 0 or more, at most 6 decimals")]
    [InlineData(
        "risk: { max_total_exposure: 1e3 }",
        "config.yaml: risk.max_total_exposure = \"1e3\": must be dollars, 0 or more, at most 6 decimals")]
    [InlineData(
        "risk: { max_total_exposure: }",
        "config.yaml: risk.max_total_exposure = \"\": must be dollars, 0 or more, at most 6 decimals")]
    [InlineData(
        "risk: { max_daily_loss: 0 }",
        "config.yaml: risk.max_daily_loss = \"0\": must be dollars, more than 0, at most 6 decimals")]
    [InlineData(
        "risk: { reject_rate_limit: 1.1 }",
        "config.yaml: risk.reject_rate_limit = \"1.1\": must be a number, 0 to 1, at most 6 decimals")]
    [InlineData(
        "risk: { p95_latency_ms_limit: 0 }",
        "config.yaml: risk.p95_latency_ms_limit = \"0\": must be whole milliseconds, 1 to 60000")]
    [InlineData(
        "risk: { ws_health_timeout_sec: 1.5 }",
        "config.yaml: risk.ws_health_timeout_sec = \"1.5\": must be whole seconds, 1 to 3600")]
    [InlineData(
        "thresholds: { min_edge_threshold: 1 }",
        "config.yaml: thresholds.min_edge_threshold = \"1\": must be dollars a share, 0 or more and less than 1, at most 6 decimals")]
    [InlineData(
        "order: { intent_price_epsilon: 2 }",
        "config.yaml: order.intent_price_epsilon = \"2\": must be a price step, 0 to 1, at most 4 decimals")]
    [InlineData(
        "order: { intent_size_epsilon: x }",
        "config.yaml: order.intent_size_epsilon = \"x\": must be shares, 0 or more, at most 6 decimals")]
    [InlineData("maker: { size: 0 }", "config.yaml: maker.size = \"0\": must be shares, more than 0, at most 6 decimals")]
    [InlineData("maker: { improve_ticks: 11 }", "config.yaml: maker.improve_ticks = \"11\": must be a whole number, 0 to 10")]
    [InlineData("maker: { markets: [all, 0xaa] }", "config.yaml: maker.markets = \"all,0xaa\": must be all, or market or condition ids separated by commas")]
    [InlineData("maker: { markets: [] }", "config.yaml: maker.markets = \"\": must be all, or market or condition ids separated by commas")]
    [InlineData("baskets: { max_legs: 16 }", "config.yaml: baskets.max_legs = \"16\": must be a whole number, 2 to 15")]
    [InlineData("taker: { allow_delayed: 1 }", "config.yaml: taker.allow_delayed = \"1\": must be true or false")]
    [InlineData(
        "trading_safety: { flatten_mode: sell }",
        "config.yaml: trading_safety.flatten_mode = \"sell\": must be cancel_only or cancel_and_unwind")]
    [InlineData("storage: { provider: mysql }", "config.yaml: storage.provider = \"mysql\": must be sqlite or postgres")]
    [InlineData("venue: { chain_id: 1 }", "config.yaml: venue.chain_id = \"1\": must be 137 or 80002")]
    [InlineData(
        "venue: { signature_type: 4 }",
        "config.yaml: venue.signature_type = \"4\": must be 0 (EOA, the key's own address), 1 (proxy), 2 (Safe) or 3 (deposit wallet)")]
    [InlineData(
        "venue: { clob_rest_url: clob }",
        "config.yaml: venue.clob_rest_url = \"clob\": must be an absolute http:// or https:// address without user or query")]
    [InlineData(
        "venue: { clob_ws_url: 'https://x' }",
        "config.yaml: venue.clob_ws_url = \"https://x\": must be an absolute ws:// or wss:// address without user or query")]
    [InlineData("venue: { funder: 0x12 }", "config.yaml: venue.funder = \"0x12\": must be an address: 0x and 40 hex digits")]
    [InlineData("web: { port: 65536 }", "config.yaml: web.port = \"65536\": must be a port, 0 (any free one) to 65535, or off")]
    [InlineData("silo: { gateway_port: 65536 }", "config.yaml: silo.gateway_port = \"65536\": must be a port, 1 to 65535")]
    [InlineData("silo: { address: localhost }", "config.yaml: silo.address = \"localhost\": must be an IP address, such as 127.0.0.1")]
    [InlineData(
        "markets: { enabled: [all, m1] }",
        "config.yaml: markets.enabled = \"all,m1\": must be all, or market ids separated by commas")]
    [InlineData(
        "markets: { enabled: 'm1,,m2' }",
        "config.yaml: markets.enabled = \"m1,,m2\": must be all, or market ids separated by commas")]
    [InlineData(
        "control: { telegram_allowlist: [me] }",
        "config.yaml: control.telegram_allowlist = \"me\": must be a list of numeric Telegram user ids")]
    public void A_value_that_is_not_legal_is_named_with_what_is(string yaml, string line) =>
        Assert.Equal([line], Lines(Load(yaml)));

    [Theory]
    [InlineData(
        "risk: { max_position_per_market: 2000 }",
        "config.yaml: risk.max_position_per_market = \"2000\": must not be above risk.max_total_exposure = 1500")]
    [InlineData(
        "risk: { max_hourly_loss: 301 }",
        "config.yaml: risk.max_hourly_loss = \"301\": must not be above risk.max_daily_loss = 300")]
    [InlineData(
        "risk: { max_total_exposure: 499 }",
        "default: risk.max_position_per_market = \"500\": must not be above risk.max_total_exposure = 499")]
    [InlineData(
        "order: { min_order_lifetime_ms: 15001 }",
        "config.yaml: order.min_order_lifetime_ms = \"15001\": must not be above order.default_ttl_ms = 15000")]
    [InlineData(
        "safety: { edge_decay_min_trades: 31 }",
        "config.yaml: safety.edge_decay_min_trades = \"31\": must not be above safety.edge_decay_window_size = 30")]
    [InlineData("maker: { size: 101 }", "config.yaml: maker.size = \"101\": must not be above maker.max_inventory = 100")]
    [InlineData(
        "thresholds: { min_edge_threshold: 0.2 }",
        "config.yaml: thresholds.min_edge_threshold = \"0.2\": must not be above baskets.max_plausible_edge = 0.1")]
    [InlineData(
        "runtime: { event_queue_high_watermark: 50001 }",
        "config.yaml: runtime.event_queue_high_watermark = \"50001\": must not be above runtime.event_queue_maxsize = 50000")]
    [InlineData(
        "persistence: { buffer_maxsize: 14999 }",
        "default: persistence.buffer_high_watermark = \"15000\": must not be above persistence.buffer_maxsize = 14999")]
    [InlineData(
        "rate_limits: { adaptive_backoff_base_ms: 5001 }",
        "config.yaml: rate_limits.adaptive_backoff_base_ms = \"5001\": must not be above rate_limits.adaptive_backoff_max_ms = 5000")]
    [InlineData(
        "venue: { signature_type: 2 }",
        "config.yaml: venue.signature_type = \"2\": types 1, 2 and 3 need FUNDER, the address that holds the money")]
    [InlineData("silo: { port: 30000 }", "default: silo.gateway_port = \"30000\": must not be silo.port")]
    [InlineData("web: { port: 30000 }", "config.yaml: web.port = \"30000\": must not be silo.port or silo.gateway_port")]
    [InlineData("recorder: { db_path: polyarb.db }", "config.yaml: recorder.db_path = \"polyarb.db\": must not be persistence.db_path")]
    [InlineData(
        "control: { telegram_enabled: true }",
        "config.yaml: control.telegram_enabled = \"true\": needs at least one user id in control.telegram_allowlist")]
    [InlineData(
        "runtime: { dry_run: false }\nvenue: { clob_rest_url: 'http://127.0.0.1:9000' }",
        "config.yaml: runtime.dry_run = \"false\": live trading needs PRIVATE_KEY in the environment or .env")]
    [InlineData(
        "storage: { provider: postgres }",
        "config.yaml: storage.provider = \"postgres\": a dry run is one silo's: storage.provider must be sqlite")]
    [InlineData(
        "storage: { provider: postgres }\nruntime: { dry_run: false }",
        "config.yaml: storage.provider = \"postgres\": needs DATABASE_CONNECTION in the environment or .env")]
    [InlineData(
        "control: { telegram_enabled: true, telegram_allowlist: [1], telegram_api_url: 'http://bots.example' }",
        "config.yaml: control.telegram_api_url = \"http://bots.example/\": must be https:// or wss:// where it is not this machine")]
    [InlineData("proof: { check: off }", "config.yaml: proof.check = \"off\": must be always or before_trade in this version")]
    public void Parameters_that_contradict_each_other_are_named(string yaml, string line) =>
        Assert.Equal([line], Lines(Load(yaml)));

    [Fact]
    public void Real_money_takes_a_key_and_the_word() => Assert.False(
        Assert.IsType<ConfigResult.Ok>(Load("runtime: { dry_run: false }", ("PRIVATE_KEY", Key))).Options.Runtime.DryRun);

    [Theory]
    [InlineData("clob_rest_url: 'http://venue.example'", 1)]
    [InlineData("clob_ws_url: 'ws://venue.example'", 1)]
    [InlineData("data_api_url: 'http://venue.example'", 1)]
    [InlineData("clob_rest_url: 'http://127.0.0.1:9000', clob_ws_url: 'ws://127.0.0.1:9000'", 0)]
    public void No_key_goes_over_a_wire_in_clear(string venue, int complaints)
    {
        var loaded = Load($"runtime: {{ dry_run: false }}\nvenue: {{ {venue} }}", ("PRIVATE_KEY", Key));

        var lines = loaded is ConfigResult.Invalid ? Lines(loaded) : [];
        Assert.Equal(complaints, lines.Count(line => line.EndsWith("must be https:// or wss:// where it is not this machine", StringComparison.Ordinal)));
        Assert.Equal(complaints, lines.Length);
        Assert.IsType<ConfigResult.Ok>(Load($"venue: {{ {venue} }}")); // A dry run sends none.
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once()
    {
        var lines = Lines(Load("risk: { max_daily_loss: x, drawdown_limit: y, nonsense: 1 }", ("CHAIN_ID", "5")));

        Assert.Equal(4, lines.Length);
        Assert.Contains("environment: CHAIN_ID = \"5\": must be 137 or 80002", lines);
    }

    [Theory]
    [InlineData(
        "risk: { max_total_exposur: 1 }",
        "config.yaml: risk.max_total_exposur: no such key: did you mean risk.max_total_exposure?")]
    [InlineData(
        "risks: { max_total_exposure: 1 }",
        "config.yaml: risks.max_total_exposure: no such key: did you mean risk.max_total_exposure?")]
    [InlineData("min_edge_threshold: 1", "config.yaml: min_edge_threshold: no such key: did you mean thresholds.min_edge_threshold?")]
    [InlineData(
        "strategy: { failure_buffer: 1 }",
        "config.yaml: strategy.failure_buffer: no such key: did you mean thresholds.failure_buffer?")]
    public void An_unknown_key_names_the_nearest_one(string yaml, string line) => Assert.Equal([line], Lines(Load(yaml)));

    [Fact]
    public void A_missing_file_is_one_line()
    {
        var path = Path.Combine(_directory, "absent.yaml");

        var lines = Lines(ConfigLoader.Load(path, NoEnvironment, null));

        Assert.Equal([$"{path}: no such file: name the configuration with --config FILE"], lines);
    }

    [Theory]
    [InlineData("risk:\n  max_daily_loss: [1", "config.yaml:3:1: not YAML: ")]
    [InlineData("risk: 1\nrisk: 2\n", "config.yaml:2:1: not YAML: ")]
    [InlineData("- a\n- b\n", "config.yaml: must be one YAML mapping of sections")]
    [InlineData("a: 1\n---\nb: 2\n", "config.yaml: must be one YAML mapping of sections")]
    [InlineData("risk: { max_daily_loss: [[1]] }", "config.yaml: risk.max_daily_loss: must be a plain value or a list of them")]
    [InlineData("a: &x\n  b: *x\n", "config.yaml: a.b.b.b: must be a plain value or a list of them")]
    [InlineData("risk: { max_daily_loss: 1 }\nrisk.max_daily_loss: 2\n", "config.yaml: risk.max_daily_loss: is written twice")]
    public void A_file_that_is_not_ours_names_the_place(string yaml, string start) =>
        Assert.StartsWith(start, Assert.Single(Lines(Load(yaml))));

    [Fact]
    public void The_environment_beats_dot_env_and_dot_env_beats_the_file()
    {
        var dotEnv = DotEnv("CHAIN_ID=80002\nMARKETS=m1,m2\nDB_PATH=from-dot-env.db\n");
        var yaml = """
            venue: { chain_id: 137 }
            markets: { enabled: all }
            persistence: { db_path: from-file.db }
            runtime: { start_paused: false }
            """;

        var options = Ok(Load(yaml, dotEnv, ("DB_PATH", "from-environment.db"), ("MARKETS", ""))).Options;

        Assert.Equal(80002, options.Venue.ChainId);
        Assert.Equal([new MarketId("m1"), new MarketId("m2")], options.Markets.Enabled);
        Assert.False(options.Markets.All);
        Assert.Equal("from-environment.db", options.Persistence.DbPath);
        Assert.False(options.Runtime.StartPaused);
        Assert.Equal("environment", options.Parameters["persistence.db_path"].Source);
        Assert.Null(Environment.GetEnvironmentVariable("MARKETS"));
    }

    [Fact]
    public void Every_variable_of_the_list_overrides()
    {
        var (options, secrets) = Ok(Load(
            "",
            ("CLOB_WS_URL", "ws://127.0.0.1:1/ws"), ("CLOB_REST_URL", "http://127.0.0.1:1"), ("GAMMA_API_URL", "http://127.0.0.1:2/"),
            ("CHAIN_ID", "80002"), ("SIGNATURE_TYPE", "2"), ("FUNDER", "0x" + new string('a', 40)),
            ("PRIVATE_KEY", "0x" + Key.ToUpperInvariant()),
            ("CLOB_API_KEY", "key-key"), ("CLOB_API_SECRET", "c2VjcmV0"), ("CLOB_API_PASSPHRASE", "phrase"),
            ("MARKETS", "all"), ("DRY_RUN", "FALSE"), ("START_PAUSED", "false"), ("BOT_MODE", "backtest"), ("DB_PATH", "x.db")));

        Assert.Equal(new Uri("ws://127.0.0.1:1/ws/"), options.Venue.WebSocketUrl);
        Assert.Equal(new Uri("ws://127.0.0.1:1/ws/market"), new Uri(options.Venue.WebSocketUrl, "market"));
        Assert.Equal(new Uri("http://127.0.0.1:1/"), options.Venue.RestUrl);
        Assert.Equal(new Uri("http://127.0.0.1:2/"), options.Venue.GammaUrl);
        Assert.Equal((80002, 2, "0x" + new string('a', 40)), (options.Venue.ChainId, options.Venue.SignatureType, options.Venue.Funder));
        Assert.True(options.Markets.All);
        Assert.Equal((BotMode.Backtest, false, false), (options.Runtime.Mode, options.Runtime.DryRun, options.Runtime.StartPaused));
        Assert.Equal("x.db", options.Persistence.DbPath);
        Assert.Equal(Key, secrets.RevealPrivateKey());
        Assert.Equal(("key-key", "c2VjcmV0", "phrase"), (secrets.RevealApiKey(), secrets.RevealApiSecret(), secrets.RevealApiPassphrase()));
    }

    /// <summary>Orders for an exchange on loopback and the catalogue of the real venue would name no market in common.</summary>
    [Theory]
    [InlineData("http://127.0.0.1:8787", "", "http://127.0.0.1:8787/gamma/")]
    [InlineData("http://localhost:8787", "https://gamma-api.polymarket.com/", "http://localhost:8787/gamma/")]
    [InlineData("http://127.0.0.1:8787", "http://127.0.0.1:9/g", "http://127.0.0.1:9/g/")]
    [InlineData("https://clob.polymarket.com", "", "https://gamma-api.polymarket.com/")]
    [InlineData("https://elsewhere.example", "", "https://gamma-api.polymarket.com/")]
    public void The_catalogue_of_an_exchange_on_loopback_is_its_own_unless_another_is_named(string orders, string catalogue, string expected) =>
        Assert.Equal(new Uri(expected), Ok(Load("", ("CLOB_REST_URL", orders), ("GAMMA_API_URL", catalogue))).Options.Venue.GammaUrl);

    [Fact]
    public void A_signature_type_may_be_written_as_EOA()
    {
        var options = Ok(Load("", ("SIGNATURE_TYPE", "eoa"))).Options;

        Assert.Equal((0, "0"), (options.Venue.SignatureType, options.Parameters["venue.signature_type"].Text));
    }

    [Theory]
    [InlineData(
        "PRIVATE_KEY", "0xdeadbeef",
        "environment: PRIVATE_KEY: must be 32 bytes, 64 hex digits with or without 0x (value not shown)")]
    [InlineData(
        "PRIVATE_KEY", "0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141", // The curve's order, so no key.
        "environment: PRIVATE_KEY: must be 32 bytes, 64 hex digits with or without 0x (value not shown)")]
    [InlineData("FUNDER", Key, "environment: FUNDER = (64 hex digits, not shown): must be an address: 0x and 40 hex digits")]
    [InlineData(
        "CLOB_API_SECRET", "c2VjcmV0",
        "environment: CLOB_API_KEY, CLOB_API_SECRET, CLOB_API_PASSPHRASE: must be set all three or none (values not shown)")]
    [InlineData(
        "CLOB_REST_URL",
        "https://user:pass@host/",
        "environment: CLOB_REST_URL = (an address with a user, not shown): "
        + "must be an absolute http:// or https:// address without user or query")]
    public void A_complaint_never_shows_a_secret(string variable, string value, string line) =>
        Assert.Equal([line], Lines(Load("", (variable, value))));

    [Fact]
    public void A_secret_in_the_wrong_variable_is_not_shown_either()
    {
        var lines = Lines(Load("private_key: " + Key + "\n", ("CLOB_API_SECRET", "c2VjcmV0"), ("CHAIN_ID", "c2VjcmV0")));

        Assert.Equal("config.yaml: private_key: secrets belong into the environment or .env, never into this file", lines[1]);
        Assert.DoesNotContain("c2VjcmV0", string.Join('\n', lines));
        Assert.DoesNotContain(Key, string.Join('\n', lines));
    }

    [Fact]
    public void An_unreadable_dot_env_is_named_without_its_content()
    {
        var path = DotEnv($"PRIVATE_KEY=\"{Key}\nother");

        var line = Assert.Single(Lines(Load("", path)));

        Assert.StartsWith($"{path}:2: must be lines of NAME=value", line);
        Assert.DoesNotContain(Key, line);
    }

    [Fact]
    public void Dot_env_keeps_the_characters_of_base64_and_of_quoted_text()
    {
        var path = DotEnv(
            "# account\nCLOB_API_KEY=8d1c-11\nexport CLOB_API_SECRET=ab+/cd_-ef==\nCLOB_API_PASSPHRASE='p$a #s\"s'\nFUNDER=\n");

        var secrets = Ok(Load("", path)).Secrets;

        Assert.Equal(("8d1c-11", "ab+/cd_-ef=="), (secrets.RevealApiKey(), secrets.RevealApiSecret()));
        Assert.Equal("p$a #s\"s", secrets.RevealApiPassphrase());
        Assert.Null(Environment.GetEnvironmentVariable("CLOB_API_KEY"));
    }

    [Fact]
    public void Secrets_print_and_serialise_as_nothing()
    {
        var secrets = Ok(Load(
            "",
            ("PRIVATE_KEY", Key), ("CLOB_API_KEY", "key-key"), ("CLOB_API_SECRET", "sec-sec"), ("CLOB_API_PASSPHRASE", "phrase"), ("CONTROL_TOKEN", "sesame-sesame-sesame"))).Secrets;

        Assert.Equal("private key set, API credentials set, control token set", secrets.ToString());
        Assert.Equal("""{"HasPrivateKey":true,"HasApiCredentials":true,"HasControlToken":true,"HasDatabase":false}""", JsonSerializer.Serialize(secrets));
    }

    [Theory]
    [InlineData("127.0.0.1", null, null)]
    [InlineData("127.0.0.1", "sesame-sesame-sesame", null)]
    [InlineData("0.0.0.0", "sesame-sesame-sesame", null)]
    [InlineData("0.0.0.0", null, "silo.address = \"0.0.0.0\": must be a loopback address, unless CONTROL_TOKEN is set in the environment or .env")]
    [InlineData("127.0.0.1", "sesame", "environment: CONTROL_TOKEN: must be at least 16 characters (value not shown)")]
    public void Beyond_this_machine_a_silo_wants_a_control_token(string address, string? token, string? complaint)
    {
        var loaded = Load($"silo: {{ address: {address} }}", token is null ? [] : [("CONTROL_TOKEN", token)]);

        if (complaint is null) Assert.Equal(token, Ok(loaded).Secrets.RevealControlToken());
        else Assert.EndsWith(complaint, Assert.Single(Lines(loaded)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ host: 0.0.0.0 }", "config.yaml: web.host = \"0.0.0.0\": must be a loopback address, unless CONTROL_TOKEN is set in the environment or .env")]
    [InlineData("{ host: 0.0.0.0, port: off }", null)]
    [InlineData("{ host: '::1', port: 0 }", null)]
    public void Beyond_this_machine_the_pages_want_a_control_token_too(string web, string? complaint)
    {
        var loaded = Load($"web: {web}");

        if (complaint is null) Ok(loaded);
        else Assert.Equal([complaint], Lines(loaded));
    }

    [Fact]
    public void A_control_token_in_the_file_is_refused_and_not_shown()
    {
        var line = Assert.Single(Lines(Load("control: { token: sesame-sesame-sesame }")));

        Assert.Contains("control.token: secrets belong into the environment or .env, never into this file", line, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_client_finds_its_token_where_the_silo_does_and_nothing_else_of_env_can_keep_it_from_a_stop()
    {
        var path = DotEnv("CONTROL_TOKEN=from-dot-env\n");
        Assert.Equal("from-dot-env", ConfigLoader.ControlToken(NoEnvironment, path));
        Assert.Equal("from-shell", ConfigLoader.ControlToken(new Dictionary<string, string> { ["CONTROL_TOKEN"] = "from-shell" }, path));
        Assert.Null(ConfigLoader.ControlToken(NoEnvironment, DotEnv("this is no\nsuch file\n")));
        Assert.Null(ConfigLoader.ControlToken(NoEnvironment, Path.Combine(_directory, "absent")));
    }

    [Theory]
    [InlineData("thresholds.min_edge_threshold", "0.02")]
    [InlineData("min_edge_threshold", "0.020")]
    public void Set_changes_one_parameter_and_keeps_the_others(string name, string text)
    {
        var before = Ok(Load("risk: { max_daily_loss: 250 }")).Options;

        var after = Assert.IsType<SetResult.Changed>(before.Set(name, text)).Options;

        Assert.Equal(new Usd(20_000), after.Thresholds.MinEdge);
        var changed = after.Parameters["thresholds.min_edge_threshold"];
        Assert.Equal(("0.02", "set"), (changed.Text, changed.Source));
        Assert.Equal(Usd.Dollars(250), after.Risk.MaxDailyLoss);
        Assert.Equal(Texts(before).Length - 1, Texts(before).Intersect(Texts(after)).Count());
    }

    [Theory]
    [InlineData(
        "min_edge_threshold", "x",
        "set: thresholds.min_edge_threshold = \"x\": must be dollars a share, 0 or more and less than 1, at most 6 decimals")]
    [InlineData(
        "risk.max_position_per_market", "1501",
        "set: risk.max_position_per_market = \"1501\": must not be above risk.max_total_exposure = 1500")]
    [InlineData(
        "min_edge_treshold", "1",
        "set: min_edge_treshold: no such parameter, or more than one: did you mean thresholds.min_edge_threshold?")]
    [InlineData("db_path", "1", "set: db_path: no such parameter, or more than one: did you mean persistence.db_path?")]
    [InlineData("dry_run", "false", "set: runtime.dry_run: needs a restart: it is read at start only; change config.yaml and start again")]
    public void Set_refuses_what_the_file_could_not_say(string name, string text, string line) =>
        Assert.Equal([line], Assert.IsType<SetResult.Refused>(PolyArbOptions.Defaults.Set(name, text)).Lines);

    private static readonly Dictionary<string, string> NoEnvironment = [];

    private static ConfigResult.Ok Ok(ConfigResult result) => result as ConfigResult.Ok
        ?? throw new Xunit.Sdk.XunitException(string.Join('\n', ((ConfigResult.Invalid)result).Lines));

    private static string[] Texts(PolyArbOptions options) =>
        [.. options.Parameters.All.Select(parameter => $"{parameter.Key}={parameter.Text}")];

    /// <summary>With the temporary directory taken off, so that a table can say the whole line.</summary>
    private string[] Lines(ConfigResult result) =>
    [
        .. Assert.IsType<ConfigResult.Invalid>(result).Lines
            .Select(line => line.Replace(Path.Combine(_directory, "config.yaml"), "config.yaml")),
    ];

    private ConfigResult Load(string yaml, params (string Name, string Value)[] environment) => Load(yaml, null, environment);

    private ConfigResult Load(string yaml, string? dotEnvPath, params (string Name, string Value)[] environment) =>
        ConfigLoader.Load(Yaml(yaml), environment.ToDictionary(variable => variable.Name, variable => variable.Value), dotEnvPath);

    private string Yaml(string text)
    {
        var path = Path.Combine(_directory, "config.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    private string DotEnv(string text)
    {
        var path = Path.Combine(_directory, ".env");
        File.WriteAllText(path, text);
        return path;
    }

    /// <summary>A file of the repository's root, wherever the tests were built to.</summary>
    private static string Shipped(string name)
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "PolyArb.sln"))) directory = directory.Parent;
        return Path.Combine(directory?.FullName ?? throw new DirectoryNotFoundException("no PolyArb.sln above the tests"), name);
    }
}
