import { randomUUID } from 'node:crypto';

import jwt from 'jsonwebtoken';
import { shuffle } from 'simple-statistics';

import { markdownTable } from '../report/markdown-table.js';
import type { Section, Surroundings } from '../section.js';
import { resultsOf, type Result, type Round } from './comparison.js';
import type { GuardSettings } from './guard-settings.js';
import { GuardedServer } from './guarded-server.js';
import { guardVariants, variants, type Traffic, type VariantName } from './variants.js';

const platforms = ['fastify', 'express'] as const;

type Platform = GuardSettings['platform'];
type Credentials = Record<Traffic, readonly string[]>;

const ROTATING_TOKENS = 10_000;
const ROUNDS = 20;
const TURN_MS = 50;
// The compiler is at work for that long: Express still becomes a fifth faster after its 20,000th request. Less where a
// request costs a lot.
const WARM_UP = { requests: 30_000, atMostMs: 6_000 };

/** The same app behind different guards. */
export const guardSection: Section = async (surroundings) => {
  const tables: string[] = [];
  for (const platform of platforms) tables.push(await comparisonOf(guardVariants, surroundings, platform));
  return tables.join('\n\n');
};

/** Compares some of the servers, as a table. @param redisUrl what the one with a Redis needs. */
export async function comparisonOf(
  names: readonly VariantName[],
  surroundings: Surroundings,
  platform: Platform,
  redisUrl = '',
): Promise<string> {
  const jwtSecret = randomUUID();
  const credentials = await credentialsFrom(surroundings, jwtSecret);
  const starts: (readonly Round[])[] = [];
  for (let start = 0; start < surroundings.starts; start += 1) {
    starts.push(await freshStart(surroundings, names, { platform, jwtSecret, redisUrl }, credentials));
  }
  return tableOf(platform, resultsOf(starts, names));
}

async function credentialsFrom({ wix }: Surroundings, jwtSecret: string): Promise<Credentials> {
  const rotating = await wix.call('userTokens', ROTATING_TOKENS);
  const hot = await wix.call('ownerToken');
  return { hot: [hot], rotating, jwt: [`Bearer ${jwtAsLongAs(hot, jwtSecret)}`] };
}

// The same claims as Wix's token, signed by the app itself.
function jwtAsLongAs(token: string, secret: string): string {
  const { data } = jwt.decode(token.replace('OauthNG.JWS.', '')) as jwt.JwtPayload;
  return jwt.sign({ data: data as unknown }, secret, { algorithm: 'HS256', expiresIn: '4h' });
}

async function freshStart(
  { wix, cores }: Surroundings,
  names: readonly VariantName[],
  given: Pick<GuardSettings, 'platform' | 'jwtSecret' | 'redisUrl'>,
  credentials: Credentials,
): Promise<readonly Round[]> {
  const settings = { ...(await wix.call('settings')), ...given };
  const servers: GuardedServer[] = [];
  // One after the other: what a server is compiled to differs for as long as it runs when others start on its core
  // meanwhile. In random order, so that none always waits longest for its first turn.
  for (const variant of shuffle([...names])) {
    servers.push(await warmServer({ ...settings, variant }, cores.measured, credentials));
  }
  const rounds: Round[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await roundOf(servers));
  await Promise.all(servers.map((server) => server.stop()));
  return rounds;
}

async function warmServer(
  settings: GuardSettings,
  core: number | undefined,
  credentials: Credentials,
): Promise<GuardedServer> {
  const { traffic } = variants[settings.variant];
  const server = await GuardedServer.start(settings, core, credentials[traffic]);
  await server.warmUp(WARM_UP);
  return server;
}

async function roundOf(servers: readonly GuardedServer[]): Promise<Round> {
  const round = [];
  for (const server of shuffle([...servers])) round.push(await server.turn(TURN_MS));
  return round;
}

const tableOf = (platform: Platform, results: readonly Result[]): string =>
  markdownTable(
    [platform, 'requests/s', 'processor time per request', 'ratio to the constant guard', 'lowest to highest start'],
    results.map(({ variant, requestsPerSecond, processorUs, ratio, ratioSpread }) => [
      variants[variant].label,
      Math.round(requestsPerSecond).toLocaleString('en'),
      `${processorUs.toFixed(1)} µs`,
      ratio.toFixed(3),
      ratioSpread.map((value) => value.toFixed(3)).join(' to '),
    ]),
  );
