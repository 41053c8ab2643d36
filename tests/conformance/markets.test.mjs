import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Exchange, everyPage, refused } from './exchange.mjs';

const unknownCondition = `0x${'00'.repeat(31)}01`;
let exchange, client;
before(async () => {
    exchange = await Exchange.start();
    client = exchange.client(0);
});
after(() => exchange?.stop());

test('The exchange is well, takes version 2 orders and knows the time', async () => {
    assert.equal(await client.getOk(), 'OK');
    assert.equal(await client.getVersion(), 2);
    const seconds = await client.getServerTime();
    assert.ok(Number.isInteger(seconds) && Math.abs(seconds - Date.now() / 1000) < 5, `${seconds}`);
});

test('Every market is listed once, with what a trader needs', async () => {
    const markets = await everyPage(cursor => client.getMarkets(cursor));
    assert.ok(markets.length > 0);
    assert.equal(new Set(markets.map(m => m.condition_id)).size, markets.length);
    assert.ok(markets.some(m => m.neg_risk) && markets.some(m => !m.neg_risk));
    for (const market of markets) {
        assert.match(market.condition_id, /^0x([0-9a-f]{62}|[0-9a-f]{64})$/);
        assert.match(market.question_id, /^0x[0-9a-f]+$/);
        assert.equal(market.tokens.length, 2);
        for (const { token_id, outcome, price, winner } of market.tokens) {
            assert.match(token_id, /^\d{1,78}$/);
            assert.ok(outcome.length > 0);
            assert.ok(price >= 0 && price <= 1);
            assert.equal(typeof winner, 'boolean');
        }
        for (const name of ['minimum_order_size', 'minimum_tick_size', 'maker_base_fee', 'taker_base_fee', 'seconds_delay']) {
            assert.equal(typeof market[name], 'number', name);
        }
        const flags = ['enable_order_book', 'active', 'closed', 'archived', 'accepting_orders', 'neg_risk', 'is_50_50_outcome'];
        for (const name of flags) assert.equal(typeof market[name], 'boolean', name);
        for (const name of ['question', 'description', 'market_slug', 'end_date_iso']) assert.equal(typeof market[name], 'string', name);
        assert.equal(market.neg_risk, market.neg_risk_market_id !== '');
        assert.ok(Array.isArray(market.tags) && 'rates' in market.rewards && 'game_start_time' in market);
        assert.deepEqual(await client.getMarket(market.condition_id), market);
    }
});

test('The small listing says the same of the same markets', async () => {
    const full = await everyPage(cursor => client.getMarkets(cursor));
    const small = await everyPage(cursor => client.getSimplifiedMarkets(cursor));
    const names = ['condition_id', 'rewards', 'tokens', 'active', 'closed', 'archived', 'accepting_orders'];
    assert.deepEqual(small, full.map(m => Object.fromEntries(names.map(name => [name, m[name]]))));
});

test('The sampled markets are the ones with rewards', async () => {
    const full = await everyPage(cursor => client.getMarkets(cursor));
    const sampled = await everyPage(cursor => client.getSamplingMarkets(cursor));
    const small = await everyPage(cursor => client.getSamplingSimplifiedMarkets(cursor));
    const rewarded = full.filter(m => m.rewards.rates?.length > 0);
    assert.ok(rewarded.length > 0, 'some market pays rewards');
    assert.deepEqual(sampled.map(m => m.condition_id).sort(), rewarded.map(m => m.condition_id).sort());
    assert.deepEqual(small.map(m => m.condition_id), sampled.map(m => m.condition_id));
});

test('The compact parameters agree with the listing', async () => {
    for (const market of await everyPage(cursor => client.getMarkets(cursor))) {
        const info = await client.getClobMarketInfo(market.condition_id);
        assert.equal(info.c, market.condition_id);
        assert.deepEqual(info.t, market.tokens.map(t => ({ t: t.token_id, o: t.outcome })));
        assert.deepEqual([info.mts, info.mos], [market.minimum_tick_size, market.minimum_order_size]);
        assert.equal(info.nr ?? false, market.neg_risk);
        assert.equal(info.ao ?? false, market.accepting_orders);
        assert.equal(info.fd !== undefined, market.taker_base_fee > 0);
        if (info.fd) assert.ok(info.fd.r > 0 && info.fd.r < 1 && info.fd.e >= 1 && info.fd.to);
        assert.ok(!Object.values(info).includes(false), 'false is left out');
        assert.ok('r' in info);
    }
});

test('A token leads to its market, by number and not by outcome', async () => {
    for (const market of (await client.getMarkets()).data.slice(0, 5)) {
        const ids = market.tokens.map(t => t.token_id);
        const [primary, secondary] = [...ids].sort((a, b) => BigInt(a) < BigInt(b) ? -1 : 1);
        for (const id of ids) {
            const { status, body } = await exchange.fetch(`/markets-by-token/${id}`);
            assert.equal(status, 200);
            assert.deepEqual(body, { condition_id: market.condition_id, primary_token_id: primary, secondary_token_id: secondary });
        }
    }
});

test('Tick, kind and fee of a token agree with its market', async () => {
    for (const market of await everyPage(cursor => client.getMarkets(cursor))) {
        const fresh = exchange.client(0); // Its answers are cached for the life of a client.
        const info = await client.getClobMarketInfo(market.condition_id);
        for (const { token_id } of market.tokens) {
            assert.equal(await fresh.getTickSize(token_id), String(market.minimum_tick_size));
            assert.equal(await fresh.getNegRisk(token_id), market.neg_risk);
            assert.equal(await fresh.getFeeRateBps(token_id), market.taker_base_fee);
        }
        assert.equal(await fresh.getFeeExponent(market.tokens[0].token_id), info.fd?.e ?? 0);
    }
});

test('What is not listed is not found', async () => {
    await refused(() => client.getMarket(unknownCondition), 404, 'market not found');
    await refused(() => client.getClobMarketInfo(unknownCondition), 404, 'market not found');
    await refused(() => client.getTickSize('12345'), 404, /./);
    await refused(() => client.getNegRisk('12345'), 404, /./);
    await refused(() => client.getFeeRateBps('12345'), 404, 'fee rate not found for market');
    assert.equal((await exchange.fetch('/markets-by-token/12345')).status, 404);
});

test('A market\'s rewards are told by themselves and in the day\'s list', async () => {
    const [current] = await client.getCurrentRewards();
    assert.ok(current, 'some market pays rewards');
    assert.match(current.condition_id, /^0x[0-9a-f]+$/);
    const [raw] = await client.getRawRewardsForMarket(current.condition_id);
    assert.equal(raw.condition_id, current.condition_id);
    assert.ok(raw.rewards_config.length > 0);
    assert.equal(raw.tokens.length, 2);
});

test('A resolved market is closed and names its winner', async () => {
    const { id, yes, no } = await exchange.market();
    const { status } = await exchange.fetch('/sim/resolve', { method: 'POST', body: { condition: id, winner: no } });
    assert.equal(status, 200);
    const market = await client.getMarket(id);
    assert.deepEqual([market.closed, market.accepting_orders], [true, false]);
    assert.deepEqual(market.tokens.map(t => [t.token_id, t.winner]), [[yes, false], [no, true]]);
    await refused(() => client.getOrderBook(yes), 404, /No orderbook exists/);
});
