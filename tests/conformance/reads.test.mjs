import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Exchange, addressOf, refused } from './exchange.mjs';

const today = new Date().toISOString().slice(0, 10);
let exchange, maker, taker, traded, answer, resting;

/** 30 YES traded between the two at 0.50, and a bid of the maker's rests. */
before(async () => {
    exchange = await Exchange.start();
    [maker, taker] = [await exchange.trader(0), await exchange.trader(1)];
    traded = await exchange.market({ free: true });
    const made = await maker.createAndPostOrder({ tokenID: traded.no, side: 'BUY', price: 0.5, size: 30 });
    const socket = await exchange.userSocket(taker);
    answer = await taker.createAndPostOrder({ tokenID: traded.yes, side: 'BUY', price: 0.5, size: 30 });
    answer.makerOrder = made.orderID;
    await socket.confirmed(answer.tradeIDs);
    socket.close();
    resting = (await maker.createAndPostOrder({ tokenID: traded.yes, side: 'BUY', price: 0.3, size: 10 })).orderID;
});
after(() => exchange?.stop());

test('Open orders are found by id, market and token', async () => {
    const ids = async params => (await maker.getOpenOrders(params)).map(o => o.id);
    const finding = [
        undefined, { id: resting }, { market: traded.id }, { asset_id: traded.yes }, { market: traded.id, asset_id: traded.yes },
    ];
    for (const params of finding) assert.deepEqual(await ids(params), [resting], JSON.stringify(params));
    assert.deepEqual(await ids({ asset_id: traded.no }), []);
    assert.deepEqual(await ids({ market: (await exchange.market()).id }), []);
    assert.deepEqual(await maker.getOpenOrders({ id: resting }, true), [await maker.getOrder(resting)]);
});

test('More orders than fit a page come page by page', async () => {
    const crowd = await exchange.trader(2);
    const market = await exchange.market();
    const { limit } = (await exchange.signedFetch(crowd, 'GET', '/data/orders?next_cursor=MA==')).body;
    const count = limit + 3;
    const bid = { tokenID: market.yes, side: 'BUY', price: 0.01, size: 5 };
    const order = async () => ({ order: await crowd.createOrder(bid), orderType: 'GTC' }); // The salt is random.
    for (let placed = 0; placed < count;) {
        const batch = await Promise.all(Array.from({ length: Math.min(15, count - placed) }, order));
        const answers = await crowd.postOrders(batch);
        placed += answers.filter(a => a.status === 'live').length;
        assert.ok(answers.every(a => a.status === 'live'), JSON.stringify(answers));
    }
    assert.equal((await crowd.getOpenOrders(undefined, true)).length, limit);
    assert.equal(new Set((await crowd.getOpenOrders()).map(o => o.id)).size, count);
    assert.equal((await crowd.cancelAll()).canceled.length, count);
});

test('Nobody reads another\'s order', async () => {
    await refused(() => taker.getOrder(resting), 404, /not found/i);
    await refused(() => maker.getOrder(`0x${'ab'.repeat(32)}`), 404, /not found/i);
});

test('A trade is told to both sides, each from its own', async () => {
    const [trade] = await taker.getTrades();
    assert.deepEqual([trade.id, trade.taker_order_id], [answer.tradeIDs[0], answer.orderID]);
    assert.deepEqual([trade.market, trade.asset_id, trade.side], [traded.id, traded.yes, 'BUY']);
    assert.deepEqual([Number(trade.size), Number(trade.price), trade.status], [30, 0.5, 'CONFIRMED']);
    assert.deepEqual([trade.owner, trade.trader_side], [taker.creds.key, 'TAKER']);
    assert.equal(trade.outcome, traded.listed.tokens[0].outcome);
    assert.equal(trade.maker_address.toLowerCase(), addressOf(taker).toLowerCase());
    assert.match(trade.transaction_hash, /^0x[0-9a-f]{64}$/);
    assert.ok(/^\d{10}$/.test(trade.match_time) && /^\d{10}$/.test(trade.last_update));
    assert.equal(typeof trade.bucket_index, 'number');
    assert.equal(typeof trade.fee_rate_bps, 'string');
    const [leg] = trade.maker_orders;
    assert.deepEqual([leg.order_id, leg.asset_id, leg.side], [answer.makerOrder, traded.no, 'BUY']);
    assert.deepEqual([Number(leg.matched_amount), Number(leg.price), leg.outcome], [30, 0.5, traded.listed.tokens[1].outcome]);
    assert.equal(leg.maker_address.toLowerCase(), addressOf(maker).toLowerCase());

    const [made] = await maker.getTrades();
    assert.deepEqual([made.id, made.owner, made.trader_side], [trade.id, maker.creds.key, 'MAKER']);
    assert.deepEqual(made.maker_orders.map(o => o.order_id), [answer.makerOrder]);
});

test('Trades are found by id, market, token, address and time', async () => {
    const [{ match_time }] = await taker.getTrades();
    const ids = async params => (await taker.getTrades(params)).map(t => t.id);
    const second = shift => String(Number(match_time) + shift);
    const finding = [
        { id: answer.tradeIDs[0] }, { market: traded.id }, { asset_id: traded.yes }, { maker_address: addressOf(taker) },
        { after: second(-2) }, { before: second(2) }, { after: second(-2), before: second(2) },
    ];
    for (const params of finding) assert.deepEqual(await ids(params), answer.tradeIDs, JSON.stringify(params));
    const missing = [
        { id: '00000000-0000-0000-0000-000000000000' }, { market: (await exchange.market()).id }, { asset_id: '12345' },
        { after: second(2) }, { before: second(-2) },
    ];
    for (const params of missing) assert.deepEqual(await ids(params), [], JSON.stringify(params));
    await refused(() => taker.getTrades({ before: 'yesterday' }), 400, 'Invalid trade params payload');
});

test('A page of trades says where it ends', async () => {
    const { trades, ...page } = await taker.getTradesPaginated({ market: traded.id });
    assert.equal(trades.length, 1);
    assert.deepEqual([page.count, page.next_cursor], [1, 'LTE=']);
    assert.ok(page.limit >= 1);
    assert.deepEqual(await taker.getTrades({ market: traded.id }, true), trades);
});

test('Balances and allowances are in base units', async () => {
    const cash = await maker.getBalanceAllowance({ asset_type: 'COLLATERAL' });
    assert.equal(cash.balance, '999985000000');
    const spenders = Object.keys(cash.allowances).map(a => a.toLowerCase());
    const exchanges = ['0xe111180000d2663c0091e4f400237545b87b996b', '0xe2222d279d744050d28e00520010520000310f59'];
    for (const spender of exchanges) assert.ok(spenders.includes(spender));
    assert.ok(Object.values(cash.allowances).every(a => BigInt(a) >= BigInt(cash.balance)));

    for (const [token_id, balance] of [[traded.no, '30000000'], [traded.yes, '0']]) {
        await maker.updateBalanceAllowance({ asset_type: 'CONDITIONAL', token_id });
        assert.equal((await maker.getBalanceAllowance({ asset_type: 'CONDITIONAL', token_id })).balance, balance);
    }
    await maker.updateBalanceAllowance({ asset_type: 'COLLATERAL' });
    await refused(() => maker.getBalanceAllowance({ asset_type: 'GOLD' }), 400, 'Invalid asset type');
    await refused(() => maker.getBalanceAllowance({ asset_type: 'CONDITIONAL', token_id: '12345' }), 400, 'Invalid token id');
    const odd = await exchange.signedFetch(maker, 'GET', '/balance-allowance?asset_type=COLLATERAL&signature_type=9');
    assert.deepEqual(odd, { status: 400, body: { error: 'Invalid signature_type' } });
});

test('An order is scoring or it is not', async () => {
    assert.equal(typeof (await maker.isOrderScoring({ order_id: resting })).scoring, 'boolean');
    const scores = await maker.areOrdersScoring({ orderIds: [resting, answer.makerOrder] });
    assert.deepEqual(Object.keys(scores).sort(), [resting, answer.makerOrder].sort());
    assert.equal(scores[answer.makerOrder], false);
});

test('Notifications are read and dropped', async () => {
    const notifications = await taker.getNotifications();
    assert.ok(notifications.length > 0, 'a filled order is worth one');
    for (const { type, owner, payload } of notifications) {
        assert.equal(typeof type, 'number');
        assert.equal(owner, taker.creds.key);
        assert.ok(payload);
    }
    const ids = notifications.map(n => String(n.id));
    await taker.dropNotifications({ ids });
    assert.ok((await taker.getNotifications()).every(n => !ids.includes(String(n.id))));
    await taker.dropNotifications();
});

test('There are no orders from before the migration', async () => {
    assert.deepEqual(await maker.getPreMigrationOrders(), []);
    assert.deepEqual(await maker.getPreMigrationOrders(true), []);
});

test('A day\'s earnings are lists', async () => {
    for (const earning of await maker.getEarningsForUserForDay(today)) assert.equal(typeof earning.earnings, 'number');
    for (const total of await maker.getTotalEarningsForUserForDay(today)) assert.equal(typeof total.earnings, 'number');
    for (const market of await maker.getUserEarningsAndMarketsConfig(today)) {
        assert.match(market.condition_id, /^0x[0-9a-f]+$/);
        assert.ok(Array.isArray(market.rewards_config) && Array.isArray(market.earnings));
    }
    for (const share of Object.values(await maker.getRewardPercentages())) assert.equal(typeof share, 'number');
});

test('A signer has a rate limit tier', async () => {
    const { status, body } = await exchange.signedFetch(maker, 'GET', '/v1/user/rate-limit-tier');
    assert.equal(status, 200);
    assert.equal(typeof body, 'object');
});

test('The Data API shows anybody\'s positions and trades', async () => {
    const positions = await exchange.fetch(`/data-api/positions?user=${addressOf(taker)}`);
    assert.equal(positions.status, 200);
    const [position] = positions.body;
    assert.equal(position.proxyWallet.toLowerCase(), addressOf(taker).toLowerCase());
    assert.deepEqual([position.asset, position.conditionId, position.size], [traded.yes, traded.id, 30]);
    assert.deepEqual([position.avgPrice, position.outcome, position.outcomeIndex], [0.5, traded.listed.tokens[0].outcome, 0]);

    const trades = await exchange.fetch(`/data-api/trades?user=${addressOf(taker)}`);
    assert.equal(trades.status, 200);
    const [trade] = trades.body;
    assert.deepEqual([trade.side, trade.asset, trade.conditionId, trade.size, trade.price], ['BUY', traded.yes, traded.id, 30, 0.5]);
    assert.ok(Number.isInteger(trade.timestamp) && trade.transactionHash.startsWith('0x'));
    const nobody = await exchange.fetch(`/data-api/positions?user=0x${'00'.repeat(20)}`);
    assert.deepEqual(nobody, { status: 200, body: [] });
});
