import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exchange, refused } from './exchange.mjs';

const wireOrder = [
    'market', 'asset_id', 'timestamp', 'hash', 'bids', 'asks', 'min_order_size', 'tick_size', 'neg_risk', 'last_trade_price',
];
const noBook = 'No orderbook exists for the requested token id';
let exchange, client, maker, taker;
before(async () => {
    exchange = await Exchange.start();
    client = exchange.client(0);
    [maker, taker] = [await exchange.trader(0), await exchange.trader(1)];
});
after(() => exchange?.stop());

/** Bids of YES at 0.40 and 0.38, asks at 0.45 and 0.50: the asks are bids of NO (protocol 10.1). */
async function quoted(kind) {
    const market = await exchange.market({ kind, tick: 0.01 });
    const orders = [[market.yes, 0.4, 10], [market.yes, 0.38, 20.5], [market.no, 0.55, 30], [market.no, 0.5, 40]];
    for (const [tokenID, price, size] of orders) await maker.createAndPostOrder({ tokenID, side: 'BUY', price, size });
    return market;
}

/** The client's own code computes the hash of what it received. */
async function verified(book) {
    const { hash } = book;
    assert.match(hash, /^[0-9a-f]{40}$/);
    assert.equal(await client.getOrderBookHash({ ...book }), hash);
    return book;
}

describe('A quoted market', () => {
    for (const kind of ['standard', 'neg-risk']) {
        test(`shows both tokens' ${kind} books with the best level last and a hash the client reproduces`, async () => {
            const market = await quoted(kind);
            const yes = await verified(await client.getOrderBook(market.yes));
            assert.deepEqual(Object.keys(yes), wireOrder);
            assert.deepEqual(yes.bids, [{ price: '0.38', size: '20.5' }, { price: '0.4', size: '10' }]);
            assert.deepEqual(yes.asks, [{ price: '0.5', size: '40' }, { price: '0.45', size: '30' }]);
            assert.deepEqual([yes.market, yes.asset_id, yes.min_order_size, yes.tick_size], [market.id, market.yes, '5', '0.01']);
            assert.equal(yes.neg_risk, kind === 'neg-risk');
            assert.ok(Math.abs(Number(yes.timestamp) - Date.now()) < 60_000);

            const no = await verified(await client.getOrderBook(market.no));
            assert.deepEqual(no.bids, yes.asks.map(mirrored));
            assert.deepEqual(no.asks, yes.bids.map(mirrored));
        });
    }

    test('answers books in one request, hashes and all, and leaves unknown tokens out', async () => {
        const market = await quoted('standard');
        const asked = [market.no, '12345', market.yes].map(token_id => ({ token_id }));
        const books = await client.getOrderBooks(asked);
        assert.deepEqual(books.map(b => b.asset_id).sort(), [market.no, market.yes].sort());
        for (const book of books) {
            await verified(book);
            assert.deepEqual(book, await client.getOrderBook(book.asset_id));
        }
    });

    test('has prices, midpoints and spreads, one by one and together', async () => {
        const { yes, no } = await quoted('standard');
        assert.equal(Number((await client.getPrice(yes, 'BUY')).price), 0.4);
        assert.equal(Number((await client.getPrice(yes, 'SELL')).price), 0.45);
        assert.equal(Number((await client.getPrice(no, 'BUY')).price), 0.55);
        assert.equal(Number((await client.getPrice(no, 'SELL')).price), 0.6);
        assert.equal(Number((await client.getMidpoint(yes)).mid), 0.425);
        assert.equal(Number((await client.getSpread(yes)).spread), 0.05);

        const both = side => [yes, no].map(token_id => ({ token_id, side }));
        const prices = await client.getPrices([...both('BUY'), ...both('SELL')]);
        assert.deepEqual(numbers(prices[yes]), { BUY: 0.4, SELL: 0.45 });
        assert.deepEqual(numbers(prices[no]), { BUY: 0.55, SELL: 0.6 });
        assert.deepEqual(numbers(await client.getMidpoints(both('BUY'))), { [yes]: 0.425, [no]: 0.575 });
        assert.deepEqual(numbers(await client.getSpreads(both('BUY'))), { [yes]: 0.05, [no]: 0.05 });
    });

    test('gives the price that fills a market order, and no match beyond its depth', async () => {
        const { yes } = await quoted('neg-risk');
        assert.equal(await client.calculateMarketPrice(yes, 'BUY', 13), 0.45);
        assert.equal(await client.calculateMarketPrice(yes, 'BUY', 14), 0.5);
        assert.equal(await client.calculateMarketPrice(yes, 'SELL', 10), 0.4);
        assert.equal(await client.calculateMarketPrice(yes, 'SELL', 30), 0.38);
        assert.equal(await client.calculateMarketPrice(yes, 'SELL', 1000, 'FAK'), 0.38);
        await assert.rejects(() => client.calculateMarketPrice(yes, 'BUY', 1000, 'FOK'), /no match/);
    });
});

test('A trade changes the books, their hashes, the last price, the history and the activity', async () => {
    const market = await quoted('standard');
    assert.deepEqual(await client.getLastTradePrice(market.yes), { price: '0.5', side: '' });
    const before = await client.getOrderBook(market.yes);

    const socket = await exchange.userSocket(taker);
    const answer = await taker.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.45, size: 10 });
    await socket.confirmed(answer.tradeIDs);
    socket.close();

    const yes = await verified(await client.getOrderBook(market.yes));
    const no = await verified(await client.getOrderBook(market.no));
    assert.notEqual(yes.hash, before.hash);
    assert.deepEqual(yes.asks.at(-1), { price: '0.45', size: '20' });
    assert.deepEqual(no.bids.at(-1), { price: '0.55', size: '20' });
    assert.equal(Number(yes.last_trade_price), 0.45);

    assert.deepEqual(numbers(await client.getLastTradePrice(market.yes)), { price: 0.45, side: 'BUY' });
    const last = await client.getLastTradesPrices([{ token_id: market.yes }, { token_id: market.no }]);
    assert.deepEqual(numbers(last.find(p => p.token_id === market.yes)), { token_id: market.yes, price: 0.45, side: 'BUY' });
    assert.ok(last.some(p => p.token_id === market.no));

    const hour = Math.floor(Date.now() / 1000) - 3600;
    for (const range of [{ interval: 'max' }, { interval: '1h', fidelity: 1 }, { startTs: hour, endTs: hour + 7200 }]) {
        const { history } = await client.getPricesHistory({ market: market.yes, ...range });
        assert.ok(history.length > 0, JSON.stringify(range));
        for (const { t, p } of history) assert.ok(Number.isInteger(t) && p > 0 && p < 1);
    }

    const [event] = await client.getMarketTradesEvents(market.id);
    assert.equal(event.market.condition_id, market.id);
    assert.equal(event.market.asset_id, market.yes);
    assert.deepEqual([event.side, Number(event.size), Number(event.price)], ['BUY', 10, 0.45]);
});

test('A token without a market has no book', async () => {
    await refused(() => client.getOrderBook('12345'), 404, noBook);
    for (const ask of ['getMidpoint', 'getSpread', 'getLastTradePrice']) await refused(() => client[ask]('12345'), 404, /./);
    await refused(() => client.getPrice('12345', 'BUY'), 404, /./);
    const { yes } = await exchange.market();
    await refused(() => client.getPrice(yes, 'HOLD'), 400, 'Invalid side');
});

const mirrored = ({ price, size }) => ({ price: String(Math.round(100 - Number(price) * 100) / 100), size });
const numbers = object => Object.fromEntries(Object.entries(object)
    .map(([key, value]) => [key, key !== 'token_id' && value !== '' && !Number.isNaN(Number(value)) ? Number(value) : value]));
