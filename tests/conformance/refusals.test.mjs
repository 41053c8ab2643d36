import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { orderToJsonV2 } from '@polymarket/clob-client-v2';
import { Exchange, addressOf, refused } from './exchange.mjs';

// Texts as protocol 9.5 has them. Authentication is refused in keys.test.mjs, cancels in cancels.test.mjs.
const fokKilled = 'order couldn\'t be fully filled. FOK orders are fully filled or killed.';
const fakKilled = 'no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.';
const now = () => Math.floor(Date.now() / 1000);
let exchange, trader, other, market, negRisk;

/** The market is asked at 0.10 (100 shares) and the trader of these tests owns nothing but dollars. */
before(async () => {
    exchange = await Exchange.start();
    [trader, other] = [await exchange.trader(0), await exchange.trader(1)];
    [market, negRisk] = [await exchange.market({ tick: 0.01, free: false }), await exchange.market({ kind: 'neg-risk', tick: 0.01 })];
    await other.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.9, size: 100 });
});
after(() => exchange?.stop());

const bid = (changes = {}) => ({ tokenID: market.yes, side: 'BUY', price: 0.05, size: 10, ...changes });
const sent = (order, ...type) => () => trader.postOrder(order, ...type);
const raw = (order, changes = {}, from = trader) =>
    exchange.signedFetch(from, 'POST', '/order', { ...orderToJsonV2(order, from.creds.key, 'GTC'), ...changes });

test('An amount altered after signing', async () => {
    const order = await trader.createOrder(bid());
    const alterations = [
        { makerAmount: '400000', takerAmount: '8000000' }, { tokenId: market.no }, { side: 'SELL' }, { timestamp: String(Date.now() + 1) },
        { salt: '1' }, { builder: `0x${'11'.repeat(32)}` }, { signature: `0x${'11'.repeat(64)}1b` },
    ];
    for (const change of alterations) await refused(sent({ ...order, ...change }), 400, /invalid signature/i);
});

test('An order signed for the other exchange contract', async () => {
    const forNegRisk = await trader.createOrder(bid(), { negRisk: true });
    await refused(sent(forNegRisk), 400, /invalid signature/i);
    const forStandard = await trader.createOrder(bid({ tokenID: negRisk.yes }), { negRisk: false });
    await refused(sent(forStandard), 400, /invalid signature/i);
});

test('An order of another chain', async () => {
    const elsewhere = exchange.client(0, { chain: 80002 });
    await refused(sent(await elsewhere.createOrder(bid())), 400, /invalid signature/i);
});

test('An order of the first version', async () => {
    const order = await trader.createOrder(bid(), { version: 1 });
    await refused(sent(order), 400, 'order_version_mismatch');
});

test('An order of the other protocol', async t => {
    const wrong = /order_version_mismatch|invalid signature/; // Either tells the trader to read the market's version again.
    await refused(sent(await trader.createOrder(bid(), { version: 3 })), 400, wrong);

    const full = await Exchange.start('--scenario', 'full');
    t.after(() => full.stop());
    const { yes } = await full.market({ kind: 'Protocol V2' });
    const there = await full.trader(0);
    for (const negRisk of [false, true]) {
        const order = await there.createOrder(bid({ tokenID: yes }), { version: 2, negRisk });
        await refused(() => there.postOrder(order), 400, wrong);
    }
});

test('Somebody else\'s key as owner', async () => {
    const { status, body } = await raw(await trader.createOrder(bid()), { owner: other.creds.key });
    assert.deepEqual([status, body.error], [400, 'the order owner has to be the owner of the API KEY']);
});

test('Somebody else\'s signature', async () => {
    await refused(sent(await other.createOrder(bid())), 400, 'the order signer address has to be the address of the API KEY');
});

test('Somebody else\'s money', async () => {
    const thief = exchange.client(0, { creds: trader.creds, funderAddress: addressOf(other) });
    const order = await thief.createOrder(bid()); // Signature type 0 with a maker that is not the signer.
    await refused(sent(order), 400, /./);
});

test('The same order again', async () => {
    const order = await trader.createOrder(bid());
    const { orderID } = await trader.postOrder(order);
    await refused(sent(order), 400, `order ${orderID} is invalid. Duplicated.`);
    await trader.cancelAll();
    await refused(sent(order), 400, `order ${orderID} is invalid. Duplicated.`);
});

test('A price between two ticks', async () => {
    const fine = await exchange.trader(0);
    fine.tickSizes[market.yes] = '0.001'; // A client that believes in a finer grid.
    const order = await fine.createOrder(bid({ price: 0.055, size: 100 }));
    await refused(sent(order), 400, /^order 0x[0-9a-f]{64} is invalid\. Price \(0\.055\) breaks minimum tick size rule: 0\.01$/);
});

test('Amounts with too many decimals', async () => {
    // 1.01 at 0.08 is 12.625 shares exactly: right for a market order, one decimal too many for a limit order.
    const forMarket = await trader.createMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 1.01, price: 0.08 });
    assert.equal(forMarket.takerAmount, '12625000');
    await refused(
        sent(forMarket, 'GTC'), 400,
        'invalid amounts, the buy orders maker amount supports a max accuracy of 4 decimals, taker amount a max of 2 decimals');
    const limit = await trader.createOrder(bid({ price: 0.07, size: 30.33 })); // 2.1231 dollars.
    await refused(
        sent(limit, 'FOK'), 400,
        'invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, taker amount a max of 4 decimals');
});

test('Less than the minimum size', async () => {
    const order = await trader.createOrder(bid({ size: 4.99 }));
    await refused(sent(order), 400, /^order 0x[0-9a-f]{64} is invalid\. Size \(4\.99\) lower than the minimum: 5$/);
});

test('A marketable BUY under a dollar', async () => {
    const tooSmall = /invalid amount for a marketable BUY order \(.*0\.5.*\), min size: \$1/;
    await refused(sent(await trader.createOrder(bid({ price: 0.1, size: 5 }))), 400, tooSmall);
    for (const orderType of ['FOK', 'FAK']) {
        const order = await trader.createMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 0.5, orderType });
        await refused(sent(order, orderType), 400, tooSmall);
    }
});

test('More than the balance', async () => {
    const poor = /^not enough balance \/ allowance/;
    await refused(sent(await trader.createOrder(bid({ size: 21_000_000 }))), 400, poor); // 1,050,000 of 1,000,000 pUSD.
    await refused(sent(await trader.createOrder(bid({ side: 'SELL', price: 0.6 }))), 400, poor);
});

test('A balance another order holds already', async () => {
    const spender = await exchange.trader(2);
    await spender.createAndPostOrder(bid({ size: 15_000_000, tokenID: negRisk.yes }));
    await refused(
        () => spender.createAndPostOrder(bid({ size: 15_000_000, tokenID: negRisk.yes })), 400, /^not enough balance \/ allowance/);
    await spender.cancelAll();
});

test('A time to live that is too short, or none where one belongs, or one where none does', async () => {
    const order = seconds => trader.createOrder(bid({ expiration: seconds }));
    for (const seconds of [0, 1, now() - 60, now() + 60, now() + 170]) {
        await refused(sent(await order(seconds), 'GTD'), 400, 'invalid expiration');
    }
    for (const orderType of ['GTC', 'FOK', 'FAK']) {
        const timed = await trader.createOrder(bid({ price: 0.1, size: 20, expiration: now() + 3600 }));
        await refused(sent(timed, orderType), 400, 'invalid expiration');
    }
});

test('A post-only order that crosses', async () => {
    const order = await trader.createOrder(bid({ price: 0.1, size: 20 }));
    await refused(sent(order, 'GTC', true), 400, 'invalid post-only order: order crosses book');
});

test('A post-only order that may not rest', async () => {
    const order = await trader.createOrder(bid({ price: 0.1, size: 20 }));
    for (const orderType of ['FOK', 'FAK']) {
        await assert.rejects(sent(order, orderType, true), /postOnly is not supported/); // The client says so itself.
        const { status, body } = await raw(order, { orderType, postOnly: true });
        assert.equal(status, 400);
        assert.match(body.error, /post-only/);
    }
});

test('A FOK that cannot be filled, a FAK that meets nobody', async () => {
    const socket = await exchange.userSocket(trader);
    const tooMuch = await trader.createMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 50, price: 0.1 });
    await refused(sent(tooMuch, 'FOK'), 400, fokKilled);
    const tooLow = await trader.createMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 5, price: 0.05 });
    await refused(sent(tooLow, 'FAK'), 400, fakKilled);
    await socket.find(e => e.type === 'CANCELLATION' && e.order_type === 'FOK' && e.status === `CANCELED_${fokKilled}`);
    socket.close();
});

test('Sixteen orders at once', async () => {
    const order = await trader.createOrder(bid());
    const batch = Array.from({ length: 16 }, () => ({ order, orderType: 'GTC' }));
    await refused(() => trader.postOrders(batch), 400, 'Too many orders in payload: 16, max allowed: 15');
});

test('A bad leg of a batch, and only that', async () => {
    const [good, small] = [await trader.createOrder(bid()), await trader.createOrder(bid({ size: 4 }))];
    const answers = await trader.postOrders([small, good, good].map(order => ({ order, orderType: 'GTC' })));
    assert.equal(answers[1].status, 'live');
    assert.match(answers[0].errorMsg, /Size \(4\) lower than the minimum: 5/);
    assert.match(answers[2].errorMsg, /Duplicated/);
    for (const leg of [answers[0], answers[2]]) assert.ok(!leg.orderID, 'a refused leg has no order'); // Success may be true (7.7).
    await trader.cancelAll();
});

test('A token nobody lists', async () => {
    const dreamer = await exchange.trader(0);
    dreamer.tickSizes['12345'] = '0.01';
    const order = await dreamer.createOrder(bid({ tokenID: '12345' }), { negRisk: false });
    await refused(sent(order), 400, 'Invalid token id');
});

test('What is no order at all', async () => {
    for (const body of [{}, [], { order: {} }, { order: 1, owner: trader.creds.key }]) {
        const { status, body: { error } } = await exchange.signedFetch(trader, 'POST', '/order', body);
        assert.deepEqual([status, error], [400, 'Invalid order payload'], JSON.stringify(body));
    }
    const order = await trader.createOrder(bid());
    const odd = [
        { side: 'HOLD' }, { makerAmount: '-1' }, { makerAmount: '1.5' }, { signatureType: 7 }, { signature: '0x12' }, { tokenId: 'yes' },
    ];
    for (const change of odd) assert.equal((await raw({ ...order, ...change })).status, 400, JSON.stringify(change));
    assert.equal((await raw(order, { orderType: 'GFD' })).status, 400);
});

test('A client that does not throw is handed the status and the text', async () => {
    const calm = exchange.client(0, { creds: trader.creds, throwOnError: false });
    const answer = await calm.createAndPostOrder(bid({ size: 4.99 }));
    assert.equal(answer.status, 400);
    assert.match(answer.error, /lower than the minimum: 5/);
});

test('Nothing of all that moved money or left an order', async () => {
    await trader.cancelAll();
    assert.equal((await trader.getBalanceAllowance({ asset_type: 'COLLATERAL' })).balance, '1000000000000');
    assert.deepEqual(await trader.getTrades(), []);
    const book = await trader.getOrderBook(market.yes);
    assert.deepEqual([book.bids, book.asks], [[], [{ price: '0.1', size: '100' }]]);
});
