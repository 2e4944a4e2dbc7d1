import { GenerationHistory } from '../../../src/store/generation-history.js';
import { FakeClock } from '../../support/fake-clock.js';

const LIFE_MS = 1_000;

describe('GenerationHistory', () => {
  let clock: FakeClock;
  let history: GenerationHistory;
  const isRolledBack = (mark: string, subject = 'site'): boolean => history.isRolledBack(subject, { secret: mark });

  beforeEach(() => {
    clock = new FakeClock();
    history = new GenerationHistory(clock, LIFE_MS);
  });

  it('follows marks as they change', () => {
    expect(['', '', 'a', 'a', 'b'].map((mark) => isRolledBack(mark))).toEqual(Array(5).fill(false));
  });

  it('notices a mark that was replaced, and one that was removed', () => {
    for (const mark of ['', 'a', 'b']) isRolledBack(mark);
    expect([isRolledBack('a'), isRolledBack(''), isRolledBack('b')]).toEqual([true, true, false]);
  });

  it('separates installations', () => {
    isRolledBack('a');
    isRolledBack('b');
    expect(isRolledBack('a', 'another site')).toBe(false);
  });

  it('lets a mark expire when nothing from before it can remain', () => {
    isRolledBack('');
    isRolledBack('a');
    clock.advance(LIFE_MS);
    expect(isRolledBack('')).toBe(false);
  });
});
