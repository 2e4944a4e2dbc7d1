import { AuthEvents } from '../../../src/core/auth-events.js';
import { WixGate, type GatedRequest } from '../../../src/http/wix-gate.js';
import { codeOf, errorOf } from '../../support/code-of.js';
import { FakeClock } from '../../support/fake-clock.js';

const FAILURE = { reason: 'HTTP 503', requestId: undefined, retryAfterMs: undefined };
const TOKEN_INFO: GatedRequest = { path: '/oauth2/token-info', lane: 'introspection', instanceId: 'one' };

describe('WixGate', () => {
  let clock: FakeClock;
  let gate: WixGate;

  beforeEach(() => {
    clock = new FakeClock();
    gate = new WixGate(clock, new AuthEvents());
  });

  const failTimes = (request: GatedRequest, times: number): void => {
    for (let index = 0; index < times; index += 1) {
      gate.enter({ ...request, instanceId: `installation ${String(index)}` }).failed(FAILURE);
    }
  };
  const codeFor = (request: GatedRequest): Promise<unknown> => codeOf(() => gate.refuseEarly(request));

  it('separates the lanes of one endpoint: failures of unknown callers do not affect known ones', async () => {
    failTimes(TOKEN_INFO, 5);

    expect(await codeFor(TOKEN_INFO)).toBe('WIX_UNAVAILABLE');
    expect(await codeFor({ ...TOKEN_INFO, lane: 'reverification' })).toBe('none');
  });

  it('separates endpoints, regardless of their query', async () => {
    failTimes({ path: '/contributors?page=1', lane: 'control' }, 3);
    failTimes({ path: '/contributors?page=2', lane: 'control' }, 2);

    expect(await codeFor({ path: '/contributors', lane: 'control' })).toBe('WIX_UNAVAILABLE');
    expect(await codeFor({ path: '/apps/v1/instance', lane: 'control' })).toBe('none');
  });

  describe('after a 429', () => {
    it('refuses that installation in that lane for its Retry-After, and says for how long', async () => {
      gate.noteThrottled(TOKEN_INFO, 30_000);
      clock.advance(10_000);

      expect(await errorOf(() => gate.enter(TOKEN_INFO))).toMatchObject({
        code: 'WIX_UNAVAILABLE',
        retryAfterMs: 20_000,
        isOutage: true,
      });
      clock.advance(20_000);
      gate.enter(TOKEN_INFO);
    });

    it('does not refuse another installation, or the same one in another lane', async () => {
      gate.noteThrottled(TOKEN_INFO, 30_000);

      expect(await codeFor({ ...TOKEN_INFO, instanceId: 'two' })).toBe('none');
      expect(await codeFor({ ...TOKEN_INFO, lane: 'reverification' })).toBe('none');
      expect(await codeFor({ path: '/oauth2/token', lane: 'control', instanceId: 'one' })).toBe('none');
    });

    it('closes every endpoint of that lane, since the quota is shared', async () => {
      gate.noteThrottled({ path: '/oauth2/token', lane: 'control', instanceId: 'one' }, 30_000);

      expect(await codeFor({ path: '/apps/v1/instance', lane: 'control', instanceId: 'one' })).toBe('WIX_UNAVAILABLE');
    });

    it.each([undefined, 0])('refuses nothing for a Retry-After of %p', async (retryAfterMs) => {
      gate.noteThrottled(TOKEN_INFO, retryAfterMs);

      expect(await codeFor(TOKEN_INFO)).toBe('none');
    });

    it('refuses for at most a minute', async () => {
      gate.noteThrottled(TOKEN_INFO, 3_600_000);
      clock.advance(60_000);

      expect(await codeFor(TOKEN_INFO)).toBe('none');
    });
  });
});
