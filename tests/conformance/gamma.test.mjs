import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Exchange, everyPage, isProtocolV2 } from './exchange.mjs';

let exchange, client;
before(async () => {
    exchange = await Exchange.start();
    client = exchange.client(0);
});
after(() => exchange?.stop());

async function get(path) {
    const { status, body } = await exchange.fetch(`/gamma${path}`);
    assert.equal(status, 200, path);
    return body;
}

/** Follows after_cursor until no next_cursor comes. */
async function everyKey(path, name) {
    const all = [];
    for (let cursor = '', pages = 0; ; pages++) {
        assert.ok(pages < 100, 'the pages end');
        const page = await get(`${path}?limit=3${cursor && `&after_cursor=${encodeURIComponent(cursor)}`}`);
        assert.ok(page[name].length <= 3);
        all.push(...page[name]);
        if (!page.next_cursor || page.next_cursor === 'LTE=') return all;
        cursor = page.next_cursor;
    }
}

test('Gamma lists what the CLOB lists, lists written as text', async () => {
    const listed = new Map((await everyPage(cursor => client.getMarkets(cursor))).map(m => [m.condition_id, m]));
    const markets = await get('/markets?limit=500');
    assert.ok(markets.length > 0);
    for (const market of markets) {
        const clob = listed.get(market.conditionId);
        assert.ok(clob, `${market.conditionId} is on the CLOB`);
        assert.equal(typeof market.id, 'string');
        assert.deepEqual(JSON.parse(market.outcomes), clob.tokens.map(t => t.outcome));
        assert.equal(JSON.parse(market.outcomePrices).length, 2);
        const v2 = isProtocolV2(clob.tokens[0].token_id);
        assert.equal(market.version, v2 ? 'v2' : 'v1');
        assert.deepEqual(v2 ? market.positionIds : JSON.parse(market.clobTokenIds), clob.tokens.map(t => t.token_id));
        assert.equal(market.questionID, clob.question_id);
        assert.equal(market.question, clob.question);
        assert.equal(market.slug, clob.market_slug);
        assert.equal(market.orderPriceMinTickSize, clob.minimum_tick_size);
        assert.equal(market.orderMinSize, clob.minimum_order_size);
        assert.equal(market.negRisk, clob.neg_risk);
        assert.equal(market.acceptingOrders, clob.accepting_orders);
        assert.equal(market.enableOrderBook, true);
        assert.equal(market.feesEnabled ?? false, clob.taker_base_fee > 0);
        if (market.feesEnabled) assert.ok(market.feeSchedule.rate > 0 && market.feeSchedule.takerOnly);
        assert.ok(market.events.length > 0);
    }
});

test('Markets are found by condition, token, slug and id', async () => {
    const [, market] = await get('/markets?limit=5');
    const [token] = JSON.parse(market.clobTokenIds);
    for (const query of [`condition_ids=${market.conditionId}`, `clob_token_ids=${token}`, `slug=${market.slug}`, `id=${market.id}`]) {
        assert.deepEqual((await get(`/markets?${query}`)).map(m => m.conditionId), [market.conditionId], query);
    }
    assert.equal((await get(`/markets/${market.id}`)).conditionId, market.conditionId);
});

test('Paging by offset and by key walk through the same markets', async () => {
    const all = (await get('/markets?limit=500')).map(m => m.id);
    const byOffset = [];
    for (let offset = 0; offset < all.length; offset += 7) {
        byOffset.push(...(await get(`/markets?limit=7&offset=${offset}`)).map(m => m.id));
    }
    assert.deepEqual(byOffset, all);
    assert.deepEqual((await everyKey('/markets/keyset', 'markets')).map(m => m.id).sort(), [...all].sort());
    assert.equal((await exchange.fetch('/gamma/markets/keyset?offset=1')).status, 422);
});

test('An event holds its markets; a neg-risk one all of its questions', async () => {
    const events = await get('/events?limit=500');
    const negRisk = events.filter(e => e.negRisk);
    assert.ok(negRisk.length > 0);
    for (const event of negRisk) {
        assert.ok(event.markets.length > 1);
        assert.equal(event.enableNegRisk, true);
        assert.ok(event.markets.every(m => m.negRiskMarketID === event.negRiskMarketID));
    }
    for (const event of events) assert.ok(event.title && event.slug && event.markets.length > 0);
    const [event] = negRisk;
    assert.equal((await get(`/events/${event.id}`)).slug, event.slug);
    assert.equal((await get(`/events/slug/${event.slug}`)).id, event.id);
    assert.deepEqual((await everyKey('/events/keyset', 'events')).map(e => e.id).sort(), events.map(e => e.id).sort());
    assert.equal((await exchange.fetch('/gamma/events/keyset?offset=1')).status, 422);
});
