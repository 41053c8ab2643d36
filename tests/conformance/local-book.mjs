import assert from 'node:assert/strict';

/**
 * A trader's own copy of one token's book, kept from frames alone. Each price_change must carry a hash of the book as it stands then,
 * computed by the client's code. What a frame cannot tell yet is settled later: a match takes several changes that carry the hash of the
 * book after the last of them, and the last trade price in it is only told afterwards (protocol 4.3).
 */
export class LocalBook {
    verified = 0;
    #client;
    #fixed;
    #book;
    #open = [];

    get market() {
        return this.#book.market;
    }

    /** The minimum size and neg_risk need not be in frames: they come from REST. */
    static async open(client, frame) {
        const book = new LocalBook();
        book.#client = client;
        const { min_order_size, neg_risk, version } = await client.getOrderBook(frame.asset_id);
        book.#fixed = { min_order_size, neg_risk, ...version && { version } };
        await book.replace(frame);
        return book;
    }

    /**
     * A snapshot: its own hash must be right, and what came before it is settled with its last trade price. One sent again after a match
     * has no last trade price: it must say what the changes have said, and its hash waits for the print (protocol 4.2).
     */
    async replace(frame, required) {
        if (!('last_trade_price' in frame)) {
            const { bids, asks } = this.#book;
            assert.deepEqual({ bids: frame.bids, asks: frame.asks }, { bids, asks }, 'the book sent again');
            this.#open.push({ hash: frame.hash, summary: this.#summary(frame.timestamp), required });
            await this.#settle(this.#book.last_trade_price);
            return;
        }
        await this.#settle(frame.last_trade_price);
        this.#book = structuredClone(frame);
        assert.equal(await this.#client.getOrderBookHash(this.#summary(frame.timestamp)), frame.hash, 'the snapshot\'s hash');
        this.verified++;
    }

    async change(entry, timestamp, required) {
        const side = entry.side === 'BUY' ? this.#book.bids : this.#book.asks;
        const worstFirst = entry.side === 'BUY' ? (a, b) => a - b : (a, b) => b - a;
        const at = side.findIndex(level => level.price === entry.price);
        if (at >= 0) side.splice(at, 1);
        if (entry.size !== '0') side.push({ price: entry.price, size: entry.size });
        side.sort((a, b) => worstFirst(Number(a.price), Number(b.price)));
        this.#open.push({ hash: entry.hash, summary: this.#summary(timestamp), required });
        await this.#settle(this.#book.last_trade_price);
    }

    retick(tick) {
        this.#book.tick_size = tick;
    }

    /** A print names the price of its own token; a book may have it in terms of YES (protocol 4.3). */
    async traded(price) {
        const mirror = Math.round((1 - Number(price)) * 10_000) / 10_000;
        for (const last of [price, Number(price).toFixed(3), String(mirror), mirror.toFixed(3)]) { // Books write three decimals.
            if (await this.#settle(last)) this.#book.last_trade_price = last;
        }
    }

    /** Throws unless every hash seen was reproduced. */
    done() {
        assert.deepEqual(this.#open.filter(o => o.required).map(o => o.hash), [], 'hashes no state of the book has');
        return this.verified;
    }

    #summary(timestamp) {
        const { market, asset_id, bids, asks, tick_size, last_trade_price } = this.#book;
        const { min_order_size, neg_risk, ...rest } = this.#fixed;
        return structuredClone({
            market, asset_id, timestamp, hash: '', bids, asks, min_order_size, tick_size, neg_risk, last_trade_price, ...rest,
        });
    }

    /** True when a hash was reproduced with this last trade price, by the book after its change or after a later one of that moment. */
    async #settle(last) {
        const hashes = await Promise.all(this.#open.map(o => this.#client.getOrderBookHash({ ...o.summary, last_trade_price: last })));
        const before = this.#open.length;
        this.#open = this.#open.filter((o, i) => !hashes.some(
            (hash, j) => j >= i && hash === o.hash && this.#open[j].summary.timestamp === o.summary.timestamp));
        this.verified += before - this.#open.length;
        return this.#open.length < before;
    }
}

/**
 * One book for each token of the stream's dump, then every frame applied in order; the count of hashes reproduced. The frames from "last"
 * on only tell what happened before them: their own prints may not have come yet.
 */
export async function verifyFrames(client, frames, last = frames.length) {
    const books = new Map();
    for (const [i, frame] of frames.entries()) {
        switch (frame.event_type) {
            case 'book':
                if (books.has(frame.asset_id)) await books.get(frame.asset_id).replace(frame, i < last);
                else books.set(frame.asset_id, await LocalBook.open(client, frame));
                break;
            case 'price_change':
                for (const entry of frame.price_changes) await books.get(entry.asset_id)?.change(entry, frame.timestamp, i < last);
                break;
            case 'tick_size_change':
                books.get(frame.asset_id)?.retick(frame.new_tick_size);
                break;
            case 'last_trade_price':
                for (const book of books.values()) if (book.market === frame.market) await book.traded(frame.price);
                break;
        }
    }

    let verified = 0;
    for (const book of books.values()) verified += book.done();
    return verified;
}
