import { AuthEvents } from '../../../../src/core/auth-events.js';
import { RefusalStreak } from '../../../../src/identity/introspection/refusal-streak.js';
import { FakeClock } from '../../../support/fake-clock.js';

describe('RefusalStreak', () => {
  let clock: FakeClock;
  let told: object[];
  let streak: RefusalStreak;

  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    const events = new AuthEvents();
    events.on('refusalsBegan', (event) => void told.push(event));
    events.on('refusalsEnded', (event) => void told.push(event));
    streak = new RefusalStreak(clock, events);
  });

  const refuse = (...instanceIds: string[]): void => {
    for (const instanceId of instanceIds) streak.refused({ instanceId, status: 401, requestId: 'request' });
  };

  it('begins with the fifth refusal in a row of three installations, and is reported once', () => {
    refuse('a', 'b', 'c', 'a');
    expect(told).toEqual([]);
    refuse('a');
    refuse('a', 'b', 'c');

    expect(told).toEqual([{ status: 401, requestId: 'request' }]);
  });

  it('does not begin with refusals of two installations, which may have removed the app', () => {
    refuse('a', 'b', 'a', 'b', 'a', 'b', 'a', 'b');

    expect(told).toEqual([]);
  });

  it('does not begin while some are accepted', () => {
    for (let time = 0; time < 10; time += 1) {
      refuse('a', 'b', 'c', 'd');
      streak.accepted();
    }

    expect(told).toEqual([]);
  });

  it('ends with the first acceptance, and may begin again', () => {
    refuse('a', 'b', 'c', 'd', 'e', 'f', 'g');
    clock.advance(5_000);
    streak.accepted();
    streak.accepted();
    expect(told.slice(1)).toEqual([{ lastedMs: 5_000, refused: 7 }]);

    refuse('a', 'b', 'c', 'd', 'e');
    expect(told).toHaveLength(3);
  });
});
