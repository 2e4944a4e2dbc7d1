import { RemovedInstances } from '../../../../src/identity/caches/removed-instances.js';
import { INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';

describe('RemovedInstances', () => {
  it('distinguishes what was signed before a removal from what was signed since', () => {
    const removed = new RemovedInstances();
    removed.remember(INSTANCE, 1_000);

    expect([999, 1_000, 1_001].map((signedAtMs) => removed.removedSince(INSTANCE, signedAtMs))).toEqual([
      true,
      false,
      false,
    ]);
    expect(removed.removedSince(OTHER_INSTANCE, 0)).toBe(false);
  });

  it('is not reverted by a late message about an older removal', () => {
    const removed = new RemovedInstances();
    removed.remember(INSTANCE, 1_000);
    removed.remember(INSTANCE, 500);

    expect(removed.removedSince(INSTANCE, 999)).toBe(true);
  });
});
