import { InvalidationEpochs } from '../../../../src/core/concurrency/invalidation-epochs.js';

describe('InvalidationEpochs', () => {
  it('calls an answer stale when its subject was forgotten after the request', () => {
    const epochs = new InvalidationEpochs();
    const epoch = epochs.now();
    epochs.forget('one');

    expect(epochs.isStale('one', epoch)).toBe(true);
    expect(epochs.isStale('other', epoch)).toBe(false);
  });

  it('accepts an answer to a request that came after the invalidation', () => {
    const epochs = new InvalidationEpochs();
    epochs.forget('one');

    expect(epochs.isStale('one', epochs.now())).toBe(false);
  });

  it('stays on the safe side when more is forgotten than it can remember', () => {
    const epochs = new InvalidationEpochs();
    const epoch = epochs.now();
    epochs.forget('one');
    for (let count = 0; count < 10_000; count += 1) epochs.forget(`other ${count}`);

    expect(epochs.isStale('one', epoch)).toBe(true);
    expect(epochs.isStale('one', epochs.now())).toBe(false);
  });
});
