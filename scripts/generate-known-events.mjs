// Writes src/webhooks/events/known-events.ts from src/webhooks/events/wix-events.csv. Run it after editing the CSV.
import { readFileSync, writeFileSync } from 'node:fs';
import prettier from 'prettier';

const source = new URL('../src/webhooks/events/wix-events.csv', import.meta.url);
const target = new URL('../src/webhooks/events/known-events.ts', import.meta.url);

const [, ...types] = readFileSync(source, 'utf8').trimEnd().split(/\r?\n/);

const text = `// Generated from wix-events.csv by scripts/generate-known-events.mjs. Edit the CSV, not this file.

/** The types of all events Wix is known to send. */
export const knownEvents = [
${types.map((type) => `  ${JSON.stringify(type)},`).join('\n')}
] as const;

/** A type of event that Wix is known to send. */
export type KnownWixEvent = (typeof knownEvents)[number];
`;
const options = await prettier.resolveConfig(target);
writeFileSync(target, await prettier.format(text, { ...options, parser: 'typescript' }));
