import { Recency } from '../../../src/core/recency.js';

describe('Recency', () => {
  it('calls an answer outdated when its subject was forgotten after the question', () => {
    const recency = new Recency();
    const askedAt = recency.now();
    recency.forget('one');

    expect(recency.isOutdated('one', askedAt)).toBe(true);
    expect(recency.isOutdated('other', askedAt)).toBe(false);
  });

  it('accepts an answer to a question that came after the forgetting', () => {
    const recency = new Recency();
    recency.forget('one');

    expect(recency.isOutdated('one', recency.now())).toBe(false);
  });

  it('stays on the safe side when more is forgotten than it can remember', () => {
    const recency = new Recency();
    const askedAt = recency.now();
    recency.forget('one');
    for (let count = 0; count < 10_000; count += 1) recency.forget(`other ${count}`);

    expect(recency.isOutdated('one', askedAt)).toBe(true);
    expect(recency.isOutdated('one', recency.now())).toBe(false);
  });
});
