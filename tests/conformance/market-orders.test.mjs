import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Exchange } from './exchange.mjs';
import { kinds } from './kinds.mjs';

const noBuilder = `0x${'00'.repeat(32)}`;

describe('A market order', { concurrency: true }, () => {
    for (const { kind, args, options } of kinds) {
        describe(`in a ${kind} market`, { concurrency: true, timeout: 120_000 }, () => {
            let exchange, maker, taker, socket;
            before(async () => {
                exchange = await Exchange.start(...args);
                [maker, taker] = [await exchange.trader(0), await exchange.trader(1)];
                socket = await exchange.userSocket(taker);
            });
            after(() => {
                socket?.close();
                return exchange?.stop();
            });

            /** 30 YES are asked at 0.50 and 60 at 0.60; 40 are bid for at 0.40 and 20 at 0.30; the taker holds 50. */
            async function quoted(t) {
                const market = await exchange.lease(t, kind, maker, taker);
                await exchange.mint(market, 50, taker, maker, options);
                const bids = [[market.no, 0.5, 30], [market.no, 0.4, 60], [market.yes, 0.4, 40], [market.yes, 0.3, 20]];
                for (const [tokenID, price, size] of bids) {
                    await maker.createAndPostOrder({ tokenID, side: 'BUY', price, size }, options);
                }
                return market;
            }

            /** Posts what the client makes of it, and what the answer must say: given, received, then nothing rests. */
            async function trade(market, userOrder, orderType, price, given, received) {
                const order = await taker.createMarketOrder({ tokenID: market.yes, orderType, ...userOrder }, options);
                const making = Number(order.makerAmount);
                const limit = userOrder.side === 'BUY' ? making / Number(order.takerAmount) : Number(order.takerAmount) / making;
                assert.ok(Math.abs(limit - price) < 1e-4, `signed for ${limit}, the book's price is ${price}`);

                const answer = await taker.postOrder(order, orderType);
                assert.deepEqual(
                    [answer.success, answer.errorMsg, answer.status, Number(answer.makingAmount), Number(answer.takingAmount)],
                    [true, '', 'matched', given, received]);
                assert.ok(Number(answer.makingAmount) * 1e6 <= making, 'never more than was signed');
                await socket.confirmed(answer.tradeIDs);
                assert.ok(answer.transactionsHashes.length > 0);
                assert.deepEqual(await taker.getOpenOrders({ asset_id: market.yes }), []);
                return answer;
            }

            test('a FOK BUY spends its dollars, down the levels', async t => {
                await trade(await quoted(t), { side: 'BUY', amount: 21 }, 'FOK', 0.6, 21, 40);
            });

            test('a FAK BUY takes what is there', async t => {
                await trade(await quoted(t), { side: 'BUY', amount: 80 }, 'FAK', 0.6, 51, 90);
            });

            test('a FOK SELL gives its shares, down the levels', async t => {
                await trade(await quoted(t), { side: 'SELL', amount: 45 }, 'FOK', 0.3, 45, 17.5);
            });

            test('a FAK SELL gives what somebody wants', async t => {
                const market = await quoted(t);
                await trade(market, { side: 'SELL', amount: 50, price: 0.4 }, 'FAK', 0.4, 40, 16);
            });

            test('a better price gives a BUY more shares than it was signed for', async t => {
                await trade(await quoted(t), { side: 'BUY', amount: 15, price: 0.6 }, 'FOK', 0.6, 15, 30);
            });

            test('create and post in one call', async t => {
                const market = await quoted(t);
                const answer = await taker.createAndPostMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 15 }, options, 'FOK');
                assert.deepEqual([Number(answer.makingAmount), Number(answer.takingAmount)], [15, 30]);
                await socket.confirmed(answer.tradeIDs);
            });

            test('a deferred market order is accepted and then matched', async t => {
                const market = await quoted(t);
                const { success, orderID } = await taker.createAndPostMarketOrder(
                    { tokenID: market.yes, side: 'BUY', amount: 15 }, options, 'FOK', true);
                assert.equal(success, true);
                const { id, size } = await socket.find(e => e.event_type === 'trade' && e.taker_order_id === orderID);
                assert.equal(Number(size), 30);
                await socket.confirmed([id]);
            });
        });
    }
});

describe('Money', { concurrency: true, timeout: 120_000 }, () => {
    let exchange;
    before(async () => exchange = await Exchange.start());
    after(() => exchange?.stop());

    /** Each test its own two, so that nobody else's trades are in their balances. */
    async function traders(t, first) {
        const [maker, taker] = [await exchange.trader(first), await exchange.trader(first + 1)];
        const socket = await exchange.userSocket(taker);
        t.after(() => socket.close());
        return { maker, taker, socket };
    }

    const cash = async trader => Number((await trader.getBalanceAllowance({ asset_type: 'COLLATERAL' })).balance);

    test('goes from the taker with the fee, and from the maker without', async t => {
        const { maker, taker, socket } = await traders(t, 0);
        const [paying, free] = [await exchange.market({ tick: 0.01, free: false }), await exchange.market({ free: true })];
        for (const market of [paying, free]) {
            await maker.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.4, size: 100 });
            const [makerBefore, takerBefore] = [await cash(maker), await cash(taker)];
            const answer = await taker.createAndPostMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 60 });
            await socket.confirmed(answer.tradeIDs);

            const { fd } = await taker.getClobMarketInfo(market.id);
            const fee = fd ? Math.round(100 * fd.r * (0.6 * 0.4) ** fd.e * 1e5) * 10 : 0; // To five decimals (protocol 8).
            assert.equal(takerBefore - await cash(taker), 60_000_000 + fee);
            assert.equal(makerBefore - await cash(maker), 40_000_000);
            for (const [trader, token_id] of [[taker, market.yes], [maker, market.no]]) {
                assert.equal((await trader.getBalanceAllowance({ asset_type: 'CONDITIONAL', token_id })).balance, '100000000');
            }
        }
    });

    test('is left for the fee when the client knows the balance', async t => {
        const { maker, taker, socket } = await traders(t, 2);
        const market = await exchange.market({ tick: 0.01, free: false });
        await maker.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.5, size: 1000 });
        const order = await taker.createMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 100, userUSDCBalance: 100 });
        const { fd } = await taker.getClobMarketInfo(market.id);
        const fee = 100 / 0.5 * fd.r * 0.25 ** fd.e;
        assert.equal(Number(order.makerAmount) / 1e6, Math.floor((100 - fee) * 100) / 100);
        await socket.confirmed((await taker.postOrder(order, 'FOK')).tradeIDs);
    });

    test('of a builder\'s order is told to the builder', async t => {
        const { maker, socket } = await traders(t, 4);
        const market = await exchange.market({ free: true });
        const builderCode = `0x${'b1'.repeat(32)}`;
        const builder = await exchange.trader(5, { builderConfig: { builderCode } });
        await maker.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.5, size: 50 });
        const { body } = await exchange.fetch(`/fees/builder-fees/${builderCode}`);
        assert.deepEqual(
            [typeof body.builder_maker_fee_rate_bps, typeof body.builder_taker_fee_rate_bps], ['number', 'number']);

        const order = await builder.createMarketOrder({ tokenID: market.yes, side: 'BUY', amount: 10, userUSDCBalance: 1000 });
        assert.equal(order.builder, builderCode);
        const answer = await builder.postOrder(order, 'FOK');
        await socket.confirmed(answer.tradeIDs);
        const { trades, next_cursor } = await builder.getBuilderTrades({ builder_code: builderCode, market: market.id });
        assert.equal(next_cursor, 'LTE=');
        assert.equal(trades.length, 1);
        const [trade] = trades;
        assert.deepEqual([trade.takerOrderHash, trade.market, trade.assetId], [answer.orderID, market.id, market.yes]);
        assert.deepEqual([trade.side, Number(trade.size), Number(trade.price)], ['BUY', 20, 0.5]);
        const others = await builder.getBuilderTrades({ builder_code: `0x${'b2'.repeat(32)}` });
        assert.deepEqual(others.trades, []);
        await assert.rejects(() => builder.getBuilderTrades({ builder_code: noBuilder }), /builderCode is required/);
    });
});
