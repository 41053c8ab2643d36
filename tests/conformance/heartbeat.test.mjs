import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Exchange } from './exchange.mjs';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const silenceMs = [9_500, 16_500]; // Canceled 10 to 15 s after the last heartbeat (protocol 7.10).
let exchange;
before(async () => exchange = await Exchange.start());
after(() => exchange?.stop());

test('Each heartbeat carries the id of the one before; a wrong one is told the right one', async () => {
    const trader = await exchange.trader(0);
    const first = await trader.postHeartbeat();
    assert.match(first.heartbeat_id, uuid);
    const second = await trader.postHeartbeat(first.heartbeat_id);
    assert.match(second.heartbeat_id, uuid);
    assert.notEqual(second.heartbeat_id, first.heartbeat_id);

    await assert.rejects(() => trader.postHeartbeat(first.heartbeat_id), error => {
        assert.equal(error.status, 400);
        assert.match(error.message, /Invalid Heartbeat ID/);
        assert.equal(error.data.heartbeat_id ?? error.data.error.heartbeat_id, second.heartbeat_id);
        return true;
    });
    assert.match((await trader.postHeartbeat(second.heartbeat_id)).heartbeat_id, uuid);
});

test('The older heartbeat forgets the id', async () => {
    const trader = await exchange.trader(1);
    await trader.postHeartbeat();
    const older = await exchange.signedFetch(trader, 'POST', '/heartbeats');
    assert.deepEqual([older.status, older.body.status], [200, 'ok']);
    assert.match((await trader.postHeartbeat('')).heartbeat_id, uuid);
});

test('Silence cancels the orders of the key that had begun to beat, and no others', async () => {
    const [silent, never] = [await exchange.trader(2), await exchange.trader(3)];
    const market = await exchange.market();
    const place = who => who.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.3, size: 10 });
    const { orderID } = await place(silent);
    const kept = await place(never);
    const socket = await exchange.userSocket(silent);

    await silent.postHeartbeat();
    const began = Date.now();
    await socket.find(e => e.type === 'CANCELLATION' && e.id === orderID, 'the cancellation', silenceMs[1]);
    assert.ok(Date.now() - began >= silenceMs[0], `only ${Date.now() - began} ms`);
    assert.equal((await silent.getOrder(orderID)).status, 'CANCELED');
    assert.equal((await never.getOrder(kept.orderID)).status, 'LIVE');
    socket.close();
});
