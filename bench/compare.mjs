// The same frames and books through Node: JSON.parse with a Map for each side of each token, and the official client's own book hash.
// Usage: node compare.mjs FRAMES BOOKS ROUNDS CLIENT; prints one JSON object. CLIENT is the client's folder, or - to leave it out.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [frames, books, roundsText, client] = process.argv.slice(2);
const rounds = Number(roundsText);
const lines = readFileSync(frames, 'utf8').split('\n').filter(line => line.length > 0);
const snapshots = readFileSync(books, 'utf8').split('\n').filter(line => line.length > 0);

/** Microseconds for each of `count` calls, one value a round; the first round is warm-up. */
async function measure(count, work) {
    const values = [];
    for (let round = 0; round <= rounds; round++) {
        const start = process.hrtime.bigint();
        await work();
        values.push(Number(process.hrtime.bigint() - start) / 1_000 / count);
    }

    return values.slice(1);
}

const sides = new Map();

function sideOf(token, side) {
    const key = `${token} ${side}`;
    let levels = sides.get(key);
    if (levels === undefined) sides.set(key, levels = new Map());
    return levels;
}

function apply(frame) {
    for (const change of frame.price_changes) {
        const levels = sideOf(change.asset_id, change.side);
        if (change.size === '0') levels.delete(change.price);
        else levels.set(change.price, change.size);
    }
}

const result = {
    node: process.version,
    parse: await measure(lines.length, () => { for (const line of lines) JSON.parse(line); }),
    apply: await measure(lines.length, () => { for (const line of lines) apply(JSON.parse(line)); }),
};
if (client !== '-') {
    const { ClobClient } = createRequire(join(client, 'package.json'))('@polymarket/clob-client-v2');
    const official = new ClobClient({ host: 'http://127.0.0.1:1', chain: 137 });
    const parsed = snapshots.map(line => JSON.parse(line));
    result.wrong = 0;
    for (const book of parsed) if (await official.getOrderBookHash({ ...book }) !== book.hash) result.wrong++;
    result.hash = await measure(parsed.length, async () => { for (const book of parsed) await official.getOrderBookHash({ ...book }); });
}

console.log(JSON.stringify(result));
