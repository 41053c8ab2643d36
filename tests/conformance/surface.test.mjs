import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ClobClient } from '@polymarket/clob-client-v2';

const here = new URL('.', import.meta.url);

test('Every public call of the client is made somewhere in this suite', () => {
    const declared = readFileSync(new URL('client.d.ts', import.meta.resolve('@polymarket/clob-client-v2')), 'utf8');
    const calls = [...declared.matchAll(/^ {2}(\w+)(?:<[^(]*>)?\(/gm)].map(([, name]) => name).filter(name => name !== 'constructor');
    assert.ok(calls.length > 60 && calls.every(name => typeof ClobClient.prototype[name] === 'function'), calls.join(' '));

    const suite = readdirSync(here).filter(name => name.endsWith('.mjs')).map(name => readFileSync(new URL(name, here), 'utf8')).join();
    assert.deepEqual(calls.filter(name => !suite.includes(`.${name}(`)), []);
});
