import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Exchange, refused } from './exchange.mjs';

const unknownOrder = `0x${'ab'.repeat(32)}`;
const gone = /not found|already canceled/i;
let exchange, trader, other;
before(async () => {
    exchange = await Exchange.start();
    [trader, other] = [await exchange.trader(0), await exchange.trader(1)];
});
after(() => exchange?.stop());

async function place(tokenID, price = 0.3, who = trader) {
    return (await who.createAndPostOrder({ tokenID, side: 'BUY', price, size: 10 })).orderID;
}

async function canceled(answer, ids) {
    assert.deepEqual([...answer.canceled].sort(), [...ids].sort());
    assert.deepEqual(answer.not_canceled, {});
    for (const id of ids) assert.equal((await trader.getOrder(id)).status, 'CANCELED');
}

test('One order is canceled, once', async () => {
    const market = await exchange.market();
    const id = await place(market.yes);
    await canceled(await trader.cancelOrder({ orderID: id }), [id]);
    assert.deepEqual((await trader.getOrderBook(market.yes)).bids, []);

    const again = await trader.cancelOrder({ orderID: id });
    assert.deepEqual(again.canceled, []);
    assert.match(again.not_canceled[id], gone);
});

test('Of many orders those there are canceled, and the others named', async () => {
    const market = await exchange.market({ kind: 'neg-risk' });
    const ids = [await place(market.yes), await place(market.no)];
    const matched = await place(market.yes, 0.5);
    await place(market.no, 0.5, other);
    const answer = await trader.cancelOrders([...ids, ids[0], matched, unknownOrder]);
    assert.deepEqual([...answer.canceled].sort(), [...ids].sort());
    assert.deepEqual(Object.keys(answer.not_canceled).sort(), [matched, unknownOrder].sort());
    assert.match(answer.not_canceled[matched], /matched/i);
    assert.match(answer.not_canceled[unknownOrder], gone);
});

test('All orders of a market or of a token are canceled, and no others', async () => {
    const [first, second] = [await exchange.market(), await exchange.market({ kind: 'neg-risk' })];
    const [yes, no, elsewhere] = [await place(first.yes), await place(first.no), await place(second.yes)];
    await canceled(await trader.cancelMarketOrders({ asset_id: first.yes }), [yes]);
    await canceled(await trader.cancelMarketOrders({ market: first.id }), [no]);
    await canceled(await trader.cancelMarketOrders({ market: second.id, asset_id: second.no }), []);
    assert.equal((await trader.getOrder(elsewhere)).status, 'LIVE');
    await canceled(await trader.cancelMarketOrders({ market: second.id, asset_id: second.yes }), [elsewhere]);
});

test('All orders of a key are canceled, and nobody else\'s', async () => {
    const market = await exchange.market();
    const mine = [await place(market.yes), await place(market.no, 0.2), await place(market.yes, 0.25)];
    const theirs = await place(market.yes, 0.28, other);
    await canceled(await trader.cancelAll(), mine);
    assert.deepEqual(await trader.getOpenOrders(), []);
    assert.equal((await other.getOrder(theirs)).status, 'LIVE');
    await canceled(await trader.cancelAll(), []);
});

test('Nobody cancels another\'s order', async () => {
    const id = await place((await exchange.market()).yes);
    const answer = await other.cancelOrder({ orderID: id });
    assert.deepEqual(answer.canceled, []);
    assert.match(answer.not_canceled[id], gone);
    assert.equal((await trader.getOrder(id)).status, 'LIVE');
});

test('What is no cancel is refused', async () => {
    await refused(() => trader.cancelOrder({}), 400, 'Invalid orderID');
    await refused(() => trader.cancelMarketOrders({}), 400, /./);
    const tooMany = Array.from({ length: 3001 }, (_, i) => `0x${String(i).padStart(64, '0')}`);
    await refused(() => trader.cancelOrders(tooMany), 400, 'Payload exceeds the limit');
});
