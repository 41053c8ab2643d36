import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exchange, addressOf, everyPage } from './exchange.mjs';
import { verifyFrames } from './local-book.mjs';

const kinds = ['standard', 'neg-risk'];

describe('The market stream', { concurrency: true, timeout: 60_000 }, () => {
    let exchange, client, maker, taker;
    before(async () => {
        exchange = await Exchange.start();
        client = exchange.client(0);
        [maker, taker] = [await exchange.trader(0), await exchange.trader(1)];
    });
    after(() => exchange?.stop());

    const bid = async (tokenID, price, size, who = maker) =>
        (await who.createAndPostOrder({ tokenID, side: 'BUY', price, size })).orderID;

    test('opens with the books, answers PING, and falls silent for what is unsubscribed', async () => {
        const [market, second] = [await exchange.market(), await exchange.market({ kind: 'neg-risk' })];
        const socket = await exchange.marketSocket(market.yes, market.no);
        for (const token of [market.yes, market.no]) {
            const frame = await socket.find(e => e.event_type === 'book' && e.asset_id === token);
            assert.deepEqual([frame.market, frame.bids, frame.asks], [market.id, [], []]);
        }
        await socket.ping();

        socket.send({ assets_ids: [second.yes], operation: 'subscribe' });
        await socket.find(e => e.event_type === 'book' && e.asset_id === second.yes);
        socket.send({ assets_ids: [market.yes, market.no], operation: 'unsubscribe' });
        await socket.ping();
        await bid(market.yes, 0.3, 10);
        await bid(second.yes, 0.3, 10);
        await socket.find(e => e.event_type === 'price_change' && e.market === second.id);
        assert.ok(!socket.heard.some(e => e.event_type === 'price_change' && e.market === market.id));
        socket.close();
    });

    for (const kind of kinds) {
        test(`tells every change of a ${kind} market, with hashes the client reproduces`, async () => {
            const market = await exchange.market({ kind, tick: 0.01 });
            await bid(market.yes, 0.3, 12.5);
            const socket = await exchange.marketSocket(market.yes, market.no);
            await socket.find(e => e.event_type === 'book' && e.asset_id === market.no);

            for (const [token, price, size] of [[market.yes, 0.4, 10], [market.no, 0.5, 30], [market.no, 0.45, 20], [market.yes, 0.4, 5]]) {
                await bid(token, price, size);
            }
            const gone = await bid(market.yes, 0.35, 10);
            await maker.cancelOrder({ orderID: gone });
            const user = await exchange.userSocket(taker);
            const { tradeIDs } = await taker.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.55, size: 40 });
            await user.confirmed(tradeIDs);
            user.close();
            await maker.cancelMarketOrders({ market: market.id });
            await socket.find(e => e.event_type === 'last_trade_price' && e.market === market.id);
            await socket.ping();

            const changes = socket.heard.filter(e => e.event_type === 'price_change').flatMap(e => e.price_changes);
            const of = (price, side) => changes.filter(c => c.asset_id === market.yes && Number(c.price) === price && c.side === side);
            const sizes = of(0.4, 'BUY').map(c => c.size); // What is there then, not what was added.
            assert.deepEqual([...sizes.slice(0, 2), sizes.at(-1)], ['10', '15', '0']);
            assert.deepEqual(of(0.35, 'BUY').map(c => c.size), ['10', '0']);
            assert.equal(of(0.55, 'SELL').at(-1).size, '0');
            for (const { price, side, size } of changes.filter(c => c.asset_id === market.yes)) {
                const mirror = side === 'BUY' ? 'SELL' : 'BUY';
                assert.ok(changes.some(c => c.asset_id === market.no && c.side === mirror && c.size === size
                    && Math.abs(Number(c.price) + Number(price) - 1) < 1e-9), `${side} ${size} at ${price} is mirrored`);
            }
            assert.deepEqual([Number(changes.at(-1).best_bid), Number(changes.at(-1).best_ask)], [0, 1]);
            assert.ok(await verifyFrames(client, socket.heard) > changes.length);
            socket.close();
        });
    }

    test('prints a trade from the taker\'s side, and the best prices for those who ask', async () => {
        const market = await exchange.market({ free: true });
        const socket = await exchange.marketSocket(market.yes);
        await bid(market.no, 0.6, 50);
        await bid(market.yes, 0.4, 25, taker);
        const print = await socket.find(e => e.event_type === 'last_trade_price');
        assert.deepEqual([print.market, print.asset_id, print.side], [market.id, market.yes, 'BUY']);
        assert.deepEqual([Number(print.price), Number(print.size)], [0.4, 25]);
        assert.match(print.timestamp, /^\d{13}$/);
        const best = await socket.find(e => e.event_type === 'best_bid_ask' && e.asset_id === market.yes);
        assert.deepEqual([Number(best.best_bid), Number(best.best_ask), Number(best.spread)], [0, 0.4, 0.4]);
        await socket.find(e => e.event_type === 'book' && e.asset_id === market.yes && !('last_trade_price' in e));
        assert.deepEqual(socket.heard.filter(e => e.asset_id === market.no), [], 'the token nobody asked for');
        socket.close();
    });
});

test('A living market reproduces to the last hash', { timeout: 60_000 }, async t => {
    const exchange = await Exchange.start('--flow', 'on', '--speed', '5');
    t.after(() => exchange.stop());
    const client = exchange.client(0);
    const markets = await everyPage(cursor => client.getMarkets(cursor));
    const socket = await exchange.marketSocket(...markets.flatMap(m => m.tokens.map(token => token.token_id)));
    const changes = frames => frames.filter(e => e.event_type === 'price_change').flatMap(e => e.price_changes).length;
    await socket.until(() => changes(socket.heard) >= 600, '600 changes', 30_000);
    const last = socket.heard.length;
    await socket.until(() => changes(socket.heard) >= 700, '700 changes', 30_000);
    assert.ok(await verifyFrames(client, [...socket.heard], last) >= 600);
    socket.close();
});

describe('The user stream', { concurrency: true, timeout: 60_000 }, () => {
    let exchange, maker, taker;
    before(async () => {
        exchange = await Exchange.start();
        [maker, taker] = [await exchange.trader(0), await exchange.trader(1)];
    });
    after(() => exchange?.stop());

    test('tells a maker of the placing, the fills and the end of an order', async () => {
        const market = await exchange.market();
        const socket = await exchange.userSocket(maker);
        const { orderID } = await maker.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.4, size: 30 });
        const placed = await socket.order('PLACEMENT', orderID);
        assert.deepEqual([placed.owner, placed.market, placed.asset_id], [maker.creds.key, market.id, market.yes]);
        assert.deepEqual([placed.side, placed.original_size, placed.size_matched, placed.price], ['BUY', '30', '0', '0.4']);
        assert.deepEqual([placed.status, placed.order_type, placed.outcome], ['LIVE', 'GTC', market.listed.tokens[0].outcome]);
        assert.match(placed.timestamp, /^\d{13}$/);

        const { tradeIDs: [trade], orderID: taking } = await taker.createAndPostOrder(
            { tokenID: market.no, side: 'BUY', price: 0.6, size: 12 });
        const updated = await socket.order('UPDATE', orderID);
        assert.deepEqual([updated.size_matched, updated.status, updated.associate_trades], ['12', 'LIVE', [trade]]);
        for (const status of ['MATCHED', 'MINED', 'CONFIRMED']) {
            const event = await socket.trade(status, trade);
            assert.deepEqual([event.type, event.taker_order_id, event.trader_side], ['TRADE', taking, 'MAKER']);
            assert.deepEqual([event.owner, event.trade_owner], [maker.creds.key, taker.creds.key]);
            assert.deepEqual([event.asset_id, event.side, Number(event.size), Number(event.price)], [market.no, 'BUY', 12, 0.6]);
            const [leg] = event.maker_orders;
            assert.deepEqual([leg.order_id, leg.asset_id, leg.side, leg.owner], [orderID, market.yes, 'BUY', maker.creds.key]);
            assert.deepEqual([Number(leg.matched_amount), Number(leg.price)], [12, 0.4]);
            assert.equal(leg.maker_address.toLowerCase(), addressOf(maker).toLowerCase());
        }
        const order = ['MATCHED', 'MINED', 'CONFIRMED'];
        const statuses = socket.heard.filter(e => e.event_type === 'trade' && e.id === trade).map(e => e.status);
        assert.deepEqual(statuses, order);

        await maker.cancelOrder({ orderID });
        const ended = await socket.order('CANCELLATION', orderID);
        assert.deepEqual([ended.size_matched, ended.status], ['12', 'CANCELED']);
        socket.close();
    });

    test('tells a taker of its trade, and others nothing', async () => {
        const market = await exchange.market({ kind: 'neg-risk' });
        await maker.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.5, size: 40 });
        const [socket, stranger] = [await exchange.userSocket(taker), await exchange.userSocket(await exchange.trader(2))];
        const { tradeIDs: [id], orderID } = await taker.createAndPostMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 20 });
        const trade = await socket.trade('CONFIRMED', id);
        assert.deepEqual([trade.trader_side, trade.taker_order_id, trade.owner], ['TAKER', orderID, taker.creds.key]);
        assert.deepEqual([Number(trade.size), Number(trade.price)], [40, 0.5]);
        await stranger.ping();
        assert.deepEqual(stranger.heard.filter(e => e.event_type), []);
        for (const each of [socket, stranger]) each.close();
    });

    test('keeps to the markets asked for', async () => {
        const [watched, ignored] = [await exchange.market(), await exchange.market()];
        const socket = await exchange.userSocket(maker);
        socket.send({ operation: 'subscribe', markets: [watched.id] });
        await socket.ping();
        await maker.createAndPostOrder({ tokenID: ignored.yes, side: 'BUY', price: 0.4, size: 30 });
        const { orderID } = await maker.createAndPostOrder({ tokenID: watched.yes, side: 'BUY', price: 0.4, size: 30 });
        await socket.order('PLACEMENT', orderID);
        socket.close();
    });

    test('ends for wrong credentials', async () => {
        const stranger = exchange.client(0, { creds: { ...maker.creds, passphrase: 'guessed' } });
        await assert.rejects(exchange.userSocket(stranger), /closed before/);
    });

    test('ends with its key', async () => {
        const creds = await exchange.client(4).createApiKey(9);
        const leaver = exchange.client(4, { creds });
        const socket = await exchange.userSocket(leaver);
        await leaver.deleteApiKey();
        await socket.ended();
    });
});
