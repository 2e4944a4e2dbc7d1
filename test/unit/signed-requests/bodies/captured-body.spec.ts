import { keepBody, rawBodyOf } from '../../../../src/signed-requests/bodies/captured-body.js';
import { errorOf } from '../../../support/code-of.js';

const bytes = Buffer.from('bytes');
const statusOf = async (request: object): Promise<unknown> =>
  Reflect.get((await errorOf(() => rawBodyOf(request))) ?? {}, 'status');

describe('rawBodyOf', () => {
  it("finds the captured body on Express's request and inside Fastify's", () => {
    const request = {};
    keepBody(request, { bytes });
    expect(rawBodyOf(request)).toBe(bytes);
    expect(rawBodyOf({ raw: request, body: 'parsed' })).toBe(bytes);
  });

  it.each([
    { rawBody: bytes },
    { rawBody: 'bytes', body: { parsed: true } },
    { body: bytes },
    { raw: { rawBody: bytes } },
  ])('uses the body that a host provides: %j', (request) => {
    expect(rawBodyOf(request).toString()).toBe('bytes');
  });

  it('answers 500 when a parser left no bytes, since nothing can be verified', async () => {
    expect(await statusOf({ body: { parsed: true } })).toBe(500);
  });

  it('answers 400 when the body was cut off', async () => {
    const request = {};
    keepBody(request, { refusal: 'cut-off' });
    expect(await statusOf(request)).toBe(400);
  });
});
