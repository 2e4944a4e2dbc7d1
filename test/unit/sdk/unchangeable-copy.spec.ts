import { WixUnavailableError } from '../../../src/core/wix-auth.errors.js';
import { throughSdk } from '../../../src/sdk/unchangeable-copy.js';
import { errorOf } from '../../support/code-of.js';

const facts = { code: 'WIX_UNAVAILABLE', message: 'down', requestId: undefined, retryAfterMs: 7_000 };

/** What the SDK's runtime does to whatever it catches. The end-to-end test has the runtime itself. */
const transformed = (caught: object): object =>
  Object.assign(caught, {
    requestId: undefined,
    status: undefined,
    code: 'UNKNOWN',
    runtimeError: caught,
    details: {},
    message: `System error occurred: ${JSON.stringify(caught)}`,
  });

describe('throughSdk', () => {
  const original = new WixUnavailableError('down', { retryAfterMs: 7_000 });
  const thrown = () => errorOf(() => throughSdk(() => Promise.reject(original)));

  it('returns the result', async () => {
    expect(await throughSdk(() => Promise.resolve(7))).toBe(7);
  });

  it("throws an error that the SDK's runtime does not change, however often it tries", async () => {
    const error = await thrown();
    for (let time = 0; time < 3; time += 1) expect(transformed(error ?? {})).toBe(error);
    expect(error).toMatchObject(facts);
    expect(error).toBeInstanceOf(WixUnavailableError);
    expect(JSON.parse(JSON.stringify(error))).toEqual(JSON.parse(JSON.stringify(original)));
  });

  it('does not change the original', async () => {
    expect(await thrown()).not.toBe(original);
    expect(original).toMatchObject(facts);
    expect(Object.getOwnPropertyDescriptor(original, 'code')).toHaveProperty('writable', true);
  });

  it('throws other errors unchanged', async () => {
    const foreign = new TypeError('fetch failed');
    expect(await errorOf(() => throughSdk(() => Promise.reject(foreign)))).toBe(foreign);
  });
});
