import type { Attributes, Meter } from '@opentelemetry/api';

import type { WixGrantsTrace, WixMintTrace, WixTraceSource, WixVerifyTrace } from '../diagnostics/trace-messages.js';
import { BoundedLabels } from './bounded-labels.js';
import type { HeardTraces } from './heard-traces.js';

const SECOND_MS = 1_000;
const SECONDS = { unit: 's' };

/** How an operation ended, and why. */
interface Ended {
  readonly appId: string;
  readonly outcome: string;
  readonly code?: string | undefined;
}

const ended = ({ appId, outcome, code }: Ended): Attributes => ({
  'wix_auth.app_id': appId,
  'wix_auth.outcome': outcome,
  ...(code !== undefined && { 'error.type': code }),
});

/** Counts decisions of guards. */
export function countDecisions(meter: Meter, heard: HeardTraces): void {
  const decisions = meter.createCounter('wix_auth.decisions', { description: 'Decisions of guards.' });
  heard.onOver('decision', (decision) => decisions.add(1, ended(decision)));
}

/** Measures requests to Wix. */
export function measureCalls(meter: Meter, heard: HeardTraces): void {
  const paths = new BoundedLabels();
  const duration = meter.createHistogram('wix_auth.upstream.duration', {
    ...SECONDS,
    description: 'Requests to Wix, with all their attempts.',
  });
  heard.onOver('call', (call) => {
    duration.record(call.tookMs / SECOND_MS, {
      ...ended(call),
      'wix_auth.by': call.by,
      'http.request.method': call.method,
      'url.template': paths.of(call.path),
    });
  });
}

/** Counts look-ups, answered from a cache or by Wix, and tokens minted. */
export function countLookups(meter: Meter, heard: HeardTraces): void {
  const lookups = meter.createCounter('wix_auth.cache.lookups', {
    description: 'Look-ups of identities, tokens and grants, by where the answer came from.',
  });
  const mints = meter.createCounter('wix_auth.mints', { description: 'Tokens requested from Wix.' });
  const count = (kind: string, { appId, from }: Found): void =>
    lookups.add(1, { 'wix_auth.app_id': appId, 'wix_auth.kind': kind, 'wix_auth.source': from ?? 'unknown' });
  heard.onOver('verify', (verified: WixVerifyTrace) => count('identity', verified));
  heard.onOver('grants', (grants: WixGrantsTrace) => count(`${grants.kind} grants`, grants));
  heard.onOver('mint', (token) => {
    count(`${token.kind} token`, token);
    if (token.from === 'wix')
      mints.add(1, { ...ended(token), 'wix_auth.kind': token.kind satisfies WixMintTrace['kind'] });
  });
}

interface Found {
  readonly appId: string;
  readonly from?: WixTraceSource;
}

/** Reports which circuits are open and which stores fail. */
export function watchStates(meter: Meter, heard: HeardTraces): void {
  const circuits = new States();
  const stores = new States();
  heard.onOver('circuit', ({ appId, endpoint, lane, state }) => {
    circuits.set(state === 'open', { 'wix_auth.app_id': appId, 'url.template': endpoint, 'wix_auth.lane': lane });
  });
  heard.onOver('store', ({ appId, store, state }) => {
    stores.set(state === 'failing', { 'wix_auth.app_id': appId, 'wix_auth.store': store });
  });
  const open = { description: '1 while the circuit of an endpoint of Wix is open, 0 when it is closed again.' };
  const failing = { description: '1 while a store fails, 0 when it works again.' };
  meter.createObservableGauge('wix_auth.circuit.open', open).addCallback((result) => circuits.observe(result));
  meter.createObservableGauge('wix_auth.store.failing', failing).addCallback((result) => stores.observe(result));
}

interface Observer {
  observe(value: number, attributes: Attributes): void;
}

/** The state of several things, each 1 or 0, by their labels. */
class States {
  readonly #states = new Map<string, { readonly value: number; readonly labels: Attributes }>();

  set(isSo: boolean, labels: Attributes): void {
    this.#states.set(JSON.stringify(labels), { value: isSo ? 1 : 0, labels });
  }

  observe(observer: Observer): void {
    for (const { value, labels } of this.#states.values()) observer.observe(value, labels);
  }
}

/** Counts requests that wait here for their turn or for another process. */
export function countWaiting(meter: Meter, heard: HeardTraces): void {
  const waiting = meter.createUpDownCounter('wix_auth.limiter.waiting', { description: 'Requests that wait.' });
  const refused = meter.createCounter('wix_auth.limiter.refused', { description: 'Requests that were not sent.' });
  const leases = meter.createHistogram('wix_auth.lease.wait', {
    ...SECONDS,
    description: 'Waiting for another process that obtains the same value.',
  });
  const labels = ({ appId, limiter }: { readonly appId: string; readonly limiter: string }): Attributes => ({
    'wix_auth.app_id': appId,
    'wix_auth.limiter': limiter,
  });
  const counted = new WeakSet();
  heard.onBegun('limiter', (turn) => {
    counted.add(turn);
    waiting.add(1, labels(turn));
  });
  heard.onOver('limiter', (turn) => {
    if (counted.delete(turn)) waiting.add(-1, labels(turn));
    if (turn.outcome !== 'success') refused.add(1, labels(turn));
  });
  heard.onOver('lease', ({ appId, kind, tookMs }) =>
    leases.record(tookMs / SECOND_MS, { 'wix_auth.app_id': appId, 'wix_auth.kind': kind }),
  );
}

/** Counts installations, step by step. */
export function countInstalls(meter: Meter, heard: HeardTraces): void {
  const steps = meter.createCounter('wix_auth.install.steps', { description: 'Steps of installations.' });
  heard.onOver('install', (step) =>
    steps.add(1, { ...ended(step), 'wix_auth.flow': step.flow, 'wix_auth.step': step.step }),
  );
}
