import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { Chain, ClobClient, createL2Headers } from '@polymarket/clob-client-v2';
import { createWalletClient, http } from 'viem';
import { mnemonicToAccount } from 'viem/accounts';
import { Socket } from './sockets.mjs';

const program = fileURLToPath(new URL('../../simulator/bin/Release/net10.0/polyarb-exchange', import.meta.url));
const mnemonic = 'test test test test test test test test test test test junk'; // Public: its accounts hold play money only.
const startDeadlineMs = 30_000;
const stopDeadlineMs = 10_000;

/** One running exchange and its customers. Books are empty unless the arguments say otherwise: a test brings its own orders. */
export class Exchange {
    #process;
    #url;
    #taken = new Set();
    #waiting = [];
    #creds = {};
    #listing;

    static async start(...args) {
        const options = args.includes('--flow') ? args : ['--flow', 'off', ...args];
        const exchange = new Exchange();
        await exchange.#run(['serve', '--port', '0', '--seed', '7', '--parent', String(process.pid), ...options]);
        return exchange;
    }

    async stop() {
        if (this.#process.exitCode !== null) return;
        const stopped = new Promise(resolve => this.#process.once('exit', resolve));
        const deadline = setTimeout(() => this.#process.kill('SIGKILL'), stopDeadlineMs);
        this.#process.kill('SIGTERM');
        await stopped;
        clearTimeout(deadline);
        assert.equal(this.#process.exitCode, 0, 'the exchange stops cleanly');
    }

    /** The official client of public account 0 to 9, without credentials. It throws on every refusal unless told otherwise. */
    client(account, options = {}) {
        const signer = createWalletClient({ account: mnemonicToAccount(mnemonic, { addressIndex: account }), transport: http(this.#url) });
        return new ClobClient({ host: this.#url, chain: Chain.POLYGON, signer, throwOnError: true, ...options });
    }

    /** The same, ready to trade. A key that exists already is no error to createOrDerive only while the client does not throw. */
    async trader(account, options = {}) {
        const creds = await (this.#creds[account] ??= this.client(account, { throwOnError: false }).createOrDeriveApiKey());
        return this.client(account, { ...options, creds });
    }

    /** A plain request: what the client has no call for. */
    async fetch(path, { method = 'GET', headers = {}, body } = {}) {
        const response = await fetch(this.#url + path, {
            method,
            headers: { 'Content-Type': 'application/json', ...headers },
            body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
            signal: AbortSignal.timeout(10_000),
        });
        const text = await response.text();
        return { status: response.status, body: text && parsed(text) };
    }

    /** A plain request with the client's own L2 headers; the query is not signed (protocol 6.2). */
    async signedFetch(trader, method, path, body, timestamp) {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const headers = await createL2Headers(
            trader.signer, trader.creds, { method, requestPath: path.split('?')[0], body: text }, timestamp);
        return this.fetch(path, { method, headers, body: text });
    }

    marketSocket(...tokens) {
        const first = { assets_ids: tokens, type: 'market', initial_dump: true, custom_feature_enabled: true };
        return Socket.open(`${this.#url.replace('http', 'ws')}/ws/market`, first);
    }

    /** Ready when it returns: the events of whatever follows are heard. */
    async userSocket(trader) {
        const { key, secret, passphrase } = trader.creds;
        const first = { auth: { apiKey: key, secret, passphrase }, type: 'user', markets: [] };
        const socket = await Socket.open(`${this.#url.replace('http', 'ws')}/ws/user`, first);
        await socket.ping();
        return socket;
    }

    /** An open market nobody in this file has asked for yet. */
    async market({ kind = 'standard', ...rest } = {}) {
        const market = await this.#take({ kind, ...rest });
        assert.ok(market, `no ${kind} market is left (${JSON.stringify(rest)})`);
        return market;
    }

    /**
     * A market for as long as the test runs. Then the traders' orders leave it and another test may have it: a listing may be short of
     * a kind.
     */
    async lease(t, kind, ...traders) {
        let market;
        while (!(market = await this.#take({ kind }))) {
            assert.ok(this.#listing.some(m => kindOf(m) === kind), `no ${kind} market is listed`);
            await new Promise(resolve => this.#waiting.push(resolve));
        }

        t.after(async () => {
            for (const trader of traders) await trader.cancelMarketOrders({ market: market.id });
            this.#taken.delete(market.id);
            this.#waiting.shift()?.();
        });
        return market;
    }

    /** Both traders hold so many shares, one YES, one NO, when it returns: two BUYs that add up to one dollar mint them (protocol 10.2). */
    async mint(market, shares, yesTrader, noTrader, options) {
        const socket = await this.userSocket(noTrader);
        await yesTrader.createAndPostOrder({ tokenID: market.yes, side: 'BUY', price: 0.5, size: shares }, options);
        const answer = await noTrader.createAndPostOrder({ tokenID: market.no, side: 'BUY', price: 0.5, size: shares }, options);
        assert.equal(answer.status, 'matched');
        for (const id of answer.tradeIDs) await socket.trade('MINED', id); // Sellable from then on (protocol 10.6).
        socket.close();
    }

    async #take({ kind, tick, free }) {
        const client = this.client(0);
        this.#listing ??= await everyPage(cursor => client.getMarkets(cursor));
        const found = this.#listing.find(m => !this.#taken.has(m.condition_id)
            && m.accepting_orders && !m.closed && !m.seconds_delay
            && kindOf(m) === kind
            && (tick === undefined || m.minimum_tick_size === tick)
            && (free === undefined || (m.taker_base_fee === 0) === free));
        if (!found) return undefined;

        this.#taken.add(found.condition_id);
        const [yes, no] = found.tokens.map(token => token.token_id);
        return { id: found.condition_id, yes, no, tick: found.minimum_tick_size, negRisk: found.neg_risk, listed: found };
    }

    async #run(args) {
        const child = this.#process = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
        let complaint = '';
        child.stderr.on('data', data => complaint += data);
        this.#url = await new Promise((resolve, reject) => {
            const late = () => reject(new Error(`the exchange did not listen within ${startDeadlineMs} ms`));
            const deadline = setTimeout(late, startDeadlineMs);
            deadline.unref();
            child.once('error', reject); // Not built: dotnet build -c Release.
            child.once('close', code => reject(new Error(`the exchange ended with ${code}: ${complaint.trim()}`)));
            createInterface(child.stdout).on('line', line => {
                if (line.startsWith('listening on ')) resolve(line.slice('listening on '.length));
            });
        });
    }
}

export const addressOf = client => client.signer.account.address;

/** Follows the cursors to LTE= (protocol 2.1). */
export async function everyPage(page) {
    const all = [];
    for (let cursor = 'MA=='; cursor !== 'LTE=';) {
        const { data, count, limit, next_cursor } = await page(cursor);
        assert.equal(count, data.length);
        assert.ok(count <= limit);
        assert.notEqual(next_cursor, cursor, 'a page leads onwards');
        all.push(...data);
        cursor = next_cursor;
    }
    return all;
}

/** The call is refused with this HTTP status and text. */
export const refused = (call, status, text) => assert.rejects(call, error => {
    assert.equal(error.status, status, `${error.message} with ${error.status}`);
    if (text instanceof RegExp) assert.match(error.message, text);
    else assert.equal(error.message, text);
    return true;
});

/** Protocol V2 positions carry their module in the top byte and 64 zero bits (protocol 0.2). */
export function isProtocolV2(token) {
    const module = BigInt(token) >> 248n;
    return module >= 1n && module <= 3n && ((BigInt(token) >> 40n) & 0xFFFFFFFFFFFFFFFFn) === 0n;
}

const kindOf = market => isProtocolV2(market.tokens[0].token_id) ? 'Protocol V2' : market.neg_risk ? 'neg-risk' : 'standard';

function parsed(text) {
    try {
        return JSON.parse(text);
    } catch {
        return text;
    }
}
