/** What an order can be for: its market, the exchange that lists such markets, and the version it is signed with (protocol 0.2). */
export const kinds = [
    { kind: 'standard', args: [], options: undefined },
    { kind: 'neg-risk', args: [], options: undefined },
    { kind: 'Protocol V2', args: ['--scenario', 'full'], options: { version: 3 } },
];
