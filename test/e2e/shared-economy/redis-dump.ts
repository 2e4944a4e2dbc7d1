import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RedisServer } from '../../support/redis-server.js';

/** What a person reads who reads a whole Redis: every key with what stands under it, and the file it saves itself in. */
export interface RedisDump {
  readonly keys: readonly string[];
  readonly types: ReadonlySet<string>;
  readonly text: string;
}

/** Reads a whole Redis. */
export async function dumpOf(server: RedisServer): Promise<RedisDump> {
  const client = await server.client();
  const keys = await client.keys('*');
  const types = await Promise.all(keys.map((key) => client.type(key)));
  const contents = await Promise.all(keys.map((key, index) => contentOf(key, types[index] ?? '')));
  const text = [...keys, ...contents, await saved()].join('\n');
  return { keys, types: new Set(types), text: `${text}\n${decoded(text)}` };

  async function contentOf(key: string, type: string): Promise<string> {
    if (type === 'string') return (await client.get(key)) ?? '';
    if (type === 'stream') return JSON.stringify(await client.xRange(key, '-', '+'));
    if (type === 'none') return '';
    throw new Error(`There is no reader for values of the type ${type}.`);
  }

  async function saved(): Promise<string> {
    await client.sendCommand(['SAVE']);
    const { dir = '' } = await client.configGet('dir');
    return readFileSync(join(dir, 'dump.rdb')).toString('latin1');
  }
}

// What is only encoded is not hidden.
const decoded = (text: string): string =>
  (text.match(/[\w-]{16,}/g) ?? []).map((word) => Buffer.from(word, 'base64url').toString('latin1')).join('\n');
