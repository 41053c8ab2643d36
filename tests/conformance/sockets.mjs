import assert from 'node:assert/strict';
import { WebSocket } from 'ws';

const deadlineMs = 10_000;

/** One websocket and everything it heard, arrays taken apart, texts that are no JSON as they came. */
export class Socket {
    heard = [];
    closed = false;
    #socket;
    #waiting = new Set();

    static async open(url, first) {
        const socket = new Socket();
        socket.#socket = new WebSocket(url);
        socket.#socket.on('message', data => socket.#hear(data.toString()));
        socket.#socket.on('close', () => {
            socket.closed = true;
            socket.#wake();
        });
        await new Promise((resolve, reject) => socket.#socket.once('open', resolve).once('error', reject));
        socket.send(first);
        return socket;
    }

    send(frame) {
        this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
    }

    close() {
        this.#socket.close();
    }

    /** The first thing heard so far or from now on that fits. */
    find(fits, what = fits.toString(), withinMs = deadlineMs) {
        return this.until(() => this.heard.find(fits), what, withinMs);
    }

    /** A PING and its PONG: all that was sent before it has been heard. */
    async ping() {
        const pongs = () => this.heard.filter(text => text === 'PONG').length;
        const before = pongs();
        this.send('PING');
        await this.until(() => pongs() > before, 'PONG');
    }

    order(type, id) {
        return this.find(e => e.event_type === 'order' && e.type === type && e.id === id, `order ${type} ${id}`);
    }

    trade(status, id) {
        return this.find(e => e.event_type === 'trade' && e.status === status && e.id === id, `trade ${status} ${id}`);
    }

    /** Settled for good: balances have moved. */
    async confirmed(trades) {
        assert.ok(trades?.length > 0, 'a match names its trades');
        for (const id of trades) await this.trade('CONFIRMED', id);
    }

    ended() {
        return this.until(() => this.closed, 'the end of the socket');
    }

    /** What ready answers, once that is something; asked again after everything heard. */
    until(ready, what, withinMs = deadlineMs) {
        return new Promise((resolve, reject) => {
            const check = () => {
                const found = ready();
                if (found) done(resolve, found);
                else if (this.closed) done(reject, new Error(`closed before ${what}`));
            };
            const done = (end, value) => {
                clearTimeout(deadline);
                this.#waiting.delete(check);
                end(value);
            };
            const late = () => new Error(`not heard within ${withinMs} ms: ${what}; heard ${JSON.stringify(this.heard.slice(-5))}`);
            const deadline = setTimeout(() => done(reject, late()), withinMs);
            this.#waiting.add(check);
            check();
        });
    }

    #hear(text) {
        let message = text;
        try {
            message = JSON.parse(text);
        } catch {
            // PONG, NO NEW ASSETS.
        }
        this.heard.push(...Array.isArray(message) ? message : [message]);
        this.#wake();
    }

    #wake() {
        for (const check of [...this.#waiting]) check();
    }
}
