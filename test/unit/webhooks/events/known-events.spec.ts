import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WixEventType } from '../../../../src/webhooks/events/on-wix-event.decorator.js';
import { knownEvents, type KnownWixEvent } from '../../../../src/webhooks/events/known-events.js';

describe('knownEvents', () => {
  const csv = readFileSync(join(process.cwd(), 'data/wix-events.csv'), 'utf8');

  it('are all in the data, once each', () => {
    const types = csv
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.slice(0, line.indexOf(',')));

    expect(knownEvents).toHaveLength(607);
    expect(knownEvents).toEqual([...new Set(types)].sort());
  });

  it('are completed in the editor, and allow others', () => {
    const known: KnownWixEvent = 'wix.stores.catalog.v3.product_created';
    // @ts-expect-error A known event is spelled right.
    const misspelled: KnownWixEvent = 'wix.stores.catalog.v3.product_craeted';
    const later: WixEventType = 'wix.of.tomorrow.v1.thing_created';
    expect(new Set([known, misspelled, later]).size).toBe(3);
  });
});
