import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exchange, addressOf } from './exchange.mjs';
import { kinds } from './kinds.mjs';

const orderId = /^0x[0-9a-f]{64}$/;
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;

describe('An order', { concurrency: true }, () => {
    for (const { kind, args, options } of kinds) {
        describe(`in a ${kind} market`, { concurrency: true, timeout: 120_000 }, () => {
            let exchange, trader, other;
            before(async () => {
                exchange = await Exchange.start(...args);
                [trader, other] = [await exchange.trader(0), await exchange.trader(1)];
            });
            after(() => exchange?.stop());

            test('a GTC order rests and can be read', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                const answer = await trader.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.3, size: 21.04 }, options);
                assert.match(answer.orderID, orderId);
                assert.deepEqual(
                    [answer.success, answer.errorMsg, answer.status, answer.makingAmount, answer.takingAmount], [true, '', 'live', '', '']);

                const order = await trader.getOrder(answer.orderID);
                assert.equal(order.id, answer.orderID);
                assert.equal(order.status, 'LIVE');
                assert.equal(order.owner, trader.creds.key);
                assert.equal(order.maker_address.toLowerCase(), addressOf(trader).toLowerCase());
                assert.deepEqual([order.market, order.asset_id, order.side], [market.id, market.yes, 'BUY']);
                assert.deepEqual([order.original_size, order.size_matched, order.price], ['21.04', '0', '0.3']);
                assert.deepEqual([order.outcome, order.expiration, order.order_type], [market.listed.tokens[0].outcome, '0', 'GTC']);
                assert.deepEqual(order.associate_trades, []);
                assert.ok(Math.abs(order.created_at - Date.now() / 1000) < 60);
            });

            test('a GTD order rests until its time', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                const expiration = inAnHour();
                const { orderID, status } = await trader.createAndPostOrder(
                    { tokenID: market.no, side: 'BUY', price: 0.3, size: 10, expiration }, options, 'GTD');
                assert.equal(status, 'live');
                const order = await trader.getOrder(orderID);
                assert.deepEqual([order.order_type, order.expiration], ['GTD', String(expiration)]);
            });

            test('a post-only order rests', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                for (const [orderType, expiration] of [['GTC', 0], ['GTD', inAnHour()]]) {
                    const { status } = await trader.createAndPostOrder(
                        { tokenID: market.yes, side: 'BUY', price: 0.3, size: 10, expiration }, options, orderType, true);
                    assert.equal(status, 'live');
                }
            });

            test('a deferred order is accepted and then placed', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                const socket = await exchange.userSocket(trader);
                const { success, orderID } = await trader.createAndPostOrder(
                    { tokenID: market.yes, side: 'BUY', price: 0.3, size: 10 }, options, 'GTC', false, true);
                assert.equal(success, true);
                await socket.order('PLACEMENT', orderID); // Told when accepted; that it rests a moment later is not told again.
                let status;
                do ({ status } = await trader.getOrder(orderID)); while (status === 'DELAYED');
                assert.equal(status, 'LIVE');
                socket.close();
            });

            test('an order that crosses takes the maker\'s price and rests with what is left', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                await exchange.mint(market, 50, other, trader, options);
                const resting = await other.createAndPostOrder({ tokenID: market.yes, side: 'SELL', price: 0.4, size: 20 }, options);
                const socket = await exchange.userSocket(trader);
                const taking = await trader.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.45, size: 30 }, options);
                assert.deepEqual([taking.status, Number(taking.makingAmount), Number(taking.takingAmount)], ['matched', 8, 20]);
                await socket.confirmed(taking.tradeIDs);
                assert.match((await trader.getTrades({ id: taking.tradeIDs[0] }))[0].transaction_hash, orderId);

                const left = await trader.getOrder(taking.orderID);
                assert.deepEqual([left.status, left.original_size, left.size_matched, left.price], ['LIVE', '30', '20', '0.45']);
                assert.deepEqual(left.associate_trades, taking.tradeIDs);
                assert.equal((await other.getOrder(resting.orderID)).status, 'MATCHED');
                const book = await trader.getOrderBook(market.yes);
                assert.deepEqual([book.bids, book.asks], [[{ price: '0.45', size: '10' }], []]);
                socket.close();
            });

            test('two sellers of both tokens meet: a merge', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                await exchange.mint(market, 20, other, trader, options);
                await other.createAndPostOrder({ tokenID: market.yes, side: 'SELL', price: 0.4, size: 20 }, options);
                const socket = await exchange.userSocket(trader);
                const taking = await trader.createAndPostOrder({ tokenID: market.no, side: 'SELL', price: 0.5, size: 20 }, options);
                assert.deepEqual([taking.status, Number(taking.makingAmount), Number(taking.takingAmount)], ['matched', 20, 12]);
                await socket.confirmed(taking.tradeIDs);
                socket.close();
            });

            test('a batch answers each order in its place', async t => {
                const market = await exchange.lease(t, kind, trader, other);
                const prices = [0.11, 0.12, 0.13, 0.14, 0.15];
                const batch = await Promise.all(prices.map(async price => ({
                    order: await trader.createOrder({ tokenID: market.yes, side: 'BUY', price, size: 10 }, options), orderType: 'GTC',
                })));
                const answers = await trader.postOrders(batch);
                assert.deepEqual(answers.map(a => a.status), prices.map(() => 'live'));
                for (const [i, { orderID }] of answers.entries()) assert.equal(Number((await trader.getOrder(orderID)).price), prices[i]);
            });
        });
    }
});

describe('Every kind of wallet', { concurrency: true, timeout: 120_000 }, () => {
    let exchange;
    before(async () => exchange = await Exchange.start());
    after(() => exchange?.stop());

    // 0: the key itself; 1 and 2: a proxy or a safe of the key's holds the money; 3: a deposit wallet signs for itself (protocol 7.1).
    const wallets = [undefined, `0x${'a1'.repeat(20)}`, `0x${'a2'.repeat(20)}`, `0x${'a3'.repeat(20)}`];
    for (const [signatureType, wallet] of wallets.entries()) {
        test(`trades: signature type ${signatureType}`, async () => {
            const account = 2 + signatureType;
            const owner = addressOf(exchange.client(account));
            if (wallet) {
                const { status } = await exchange.fetch('/sim/wallets', { method: 'POST', body: { account: wallet, owner } });
                assert.equal(status, 200);
                const body = { account: addressOf(exchange.client(9)), to: wallet, amount: 1000 };
                assert.equal((await exchange.fetch('/sim/transfer', { method: 'POST', body })).status, 200);
            }

            const trader = await exchange.trader(account, { signatureType, funderAddress: wallet });
            for (const kind of ['standard', 'neg-risk']) {
                const market = await exchange.market({ kind });
                const order = await trader.createOrder({ tokenID: market.yes, side: 'BUY', price: 0.4, size: 10 });
                assert.equal(order.signer.toLowerCase(), (signatureType === 3 ? wallet : owner).toLowerCase());
                const { status, orderID } = await trader.postOrder(order);
                assert.equal(status, 'live');
                assert.equal((await trader.getOrder(orderID)).maker_address.toLowerCase(), (wallet ?? owner).toLowerCase());

                const other = await exchange.trader(0);
                const socket = await exchange.userSocket(trader);
                await other.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.6, size: 10 });
                const { id } = await socket.find(e => e.event_type === 'trade' && e.maker_orders.some(o => o.order_id === orderID));
                await socket.confirmed([id]);
                const { balance } = await trader.getBalanceAllowance({ asset_type: 'CONDITIONAL', token_id: market.yes });
                assert.equal(balance, '10000000');
                socket.close();
            }
        });
    }

    test('A deposit wallet\'s order signed by somebody else is refused', async () => {
        const [wallet, market] = [`0x${'a4'.repeat(20)}`, await exchange.market()];
        const owner = addressOf(exchange.client(7));
        assert.equal((await exchange.fetch('/sim/wallets', { method: 'POST', body: { account: wallet, owner } })).status, 200);
        const thief = await exchange.trader(8, { signatureType: 3, funderAddress: wallet });
        await assert.rejects(
            () => thief.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.4, size: 10 }), error => error.status === 400);
    });
});

test('Exact base units are an order of a Protocol V2 market', async t => {
    const exchange = await Exchange.start('--scenario', 'full');
    t.after(() => exchange.stop());
    const trader = await exchange.trader(0);
    const market = await exchange.market({ kind: 'Protocol V2' });
    const order = await trader.createExchangeV3OrderFromAmounts(
        { tokenID: market.yes, side: 'BUY', makerAmount: '3000000', takerAmount: '10000000' });
    const { status, orderID } = await trader.postOrder(order);
    assert.equal(status, 'live');
    const { price, original_size } = await trader.getOrder(orderID);
    assert.deepEqual([price, original_size], ['0.3', '10']);

    const { bids, ...book } = await trader.getOrderBook(market.yes);
    assert.deepEqual(bids, [{ price: '0.3', size: '10' }]);
    assert.equal(book.version, 'v2');
    assert.equal((await trader.getClobMarketInfo(market.id.padEnd(66, '0'))).v, 'v2');
    const { balance } = await trader.getBalanceAllowance({ asset_type: 'CONDITIONAL-V2', token_id: market.yes });
    assert.equal(balance, '0');
});
