import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createL1Headers } from '@polymarket/clob-client-v2';
import { Exchange, refused } from './exchange.mjs';

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let exchange;
before(async () => exchange = await Exchange.start());
after(() => exchange?.stop());

const nameOf = entry => entry.key ?? entry.apiKey ?? entry;

test('A wallet creates a key, derives it again, and has another one for another nonce', async () => {
    const client = exchange.client(0);
    const created = await client.createApiKey(11);
    assert.match(created.key, uuid);
    assert.equal(Buffer.from(created.secret, 'base64url').length, 32);
    assert.ok(created.passphrase.length > 0);

    assert.deepEqual(await client.deriveApiKey(11), created);
    await refused(() => client.createApiKey(11), 400, 'Could not create api key');
    const calm = exchange.client(0, { throwOnError: false });
    assert.deepEqual(await calm.createOrDeriveApiKey(11), created);
    assert.notEqual((await calm.createOrDeriveApiKey(12)).key, created.key);
});

test('The server\'s clock serves as the time of a signature', async () => {
    const client = exchange.client(0, { useServerTime: true, throwOnError: false });
    const creds = await client.createOrDeriveApiKey();
    const trader = exchange.client(0, { useServerTime: true, creds });
    assert.deepEqual(await trader.getClosedOnlyMode(), { closed_only: false });
});

test('A wallet\'s keys are listed to it and to nobody else', async () => {
    const [mine, theirs] = [await exchange.trader(1), await exchange.trader(2)];
    const listed = (await mine.getApiKeys()).apiKeys.map(nameOf);
    assert.ok(listed.includes(mine.creds.key));
    assert.ok(!listed.includes(theirs.creds.key));
});

test('A deleted key opens nothing any more', async () => {
    const client = exchange.client(3);
    const trader = exchange.client(3, { creds: await client.createApiKey(5) });
    await trader.getOpenOrders();
    await trader.deleteApiKey();
    await refused(() => trader.getOpenOrders(), 401, 'Unauthorized/Invalid api key');
});

test('A read-only key is made, listed and deleted', async () => {
    const trader = await exchange.trader(0);
    const { apiKey } = await trader.createReadonlyApiKey();
    assert.match(apiKey, uuid);
    assert.ok((await trader.getReadonlyApiKeys()).map(nameOf).includes(apiKey));
    assert.equal(await trader.deleteReadonlyApiKey(apiKey), true);
    assert.ok(!(await trader.getReadonlyApiKeys()).map(nameOf).includes(apiKey));
});

test('A builder key is made, listed and revoked', async () => {
    const trader = await exchange.trader(0);
    const created = await trader.createBuilderApiKey();
    assert.deepEqual(Object.keys(created).sort(), ['key', 'passphrase', 'secret']);
    const live = async () => (await trader.getBuilderApiKeys()).filter(k => !k.revokedAt).map(nameOf);
    assert.ok((await live()).includes(created.key));
    await trader.revokeBuilderApiKey();
    assert.ok(!(await live()).includes(created.key));
});

test('An account is not in closed-only mode', async () => {
    assert.deepEqual(await (await exchange.trader(0)).getClosedOnlyMode(), { closed_only: false });
});

test('A stale or foreign wallet signature makes no key', async () => {
    const { signer } = exchange.client(0);
    const stale = await createL1Headers(signer, 137, 0, Math.floor(Date.now() / 1000) - 3600);
    const foreign = { ...await createL1Headers(signer, 137, 0), POLY_ADDRESS: exchange.client(1).signer.account.address };
    const otherChain = await createL1Headers(signer, 80002, 0);
    const refusal = { status: 401, body: { error: 'Invalid L1 Request headers' } };
    for (const [method, path] of [['POST', '/auth/api-key'], ['GET', '/auth/derive-api-key']]) {
        for (const headers of [stale, foreign, otherChain, {}]) {
            assert.deepEqual(await exchange.fetch(path, { method, headers }), refusal);
        }
    }
});

test('A wrong secret, passphrase, key, address or time is nobody', async () => {
    const trader = await exchange.trader(0);
    const other = await exchange.trader(1);
    const wrong = [
        { secret: other.creds.secret }, { passphrase: other.creds.passphrase }, other.creds,
        { key: '00000000-0000-0000-0000-00000000dead' },
    ];
    for (const change of wrong) {
        const stranger = exchange.client(0, { creds: { ...trader.creds, ...change } });
        await refused(() => stranger.getOpenOrders(), 401, 'Unauthorized/Invalid api key');
    }

    const stale = await exchange.signedFetch(trader, 'GET', '/data/orders', undefined, Math.floor(Date.now() / 1000) - 3600);
    assert.deepEqual(stale, { status: 401, body: { error: 'Unauthorized/Invalid api key' } });
});
