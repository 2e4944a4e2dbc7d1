import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';

import { readBody } from '../../../../src/signed-requests/bodies/read-body.js';

const incoming = (headers: Record<string, string> = {}): PassThrough & IncomingMessage =>
  Object.assign(new PassThrough(), { headers }) as unknown as PassThrough & IncomingMessage;

describe('readBody', () => {
  it('joins the bytes in order', async () => {
    const request = incoming();
    const body = readBody(request, 100);
    for (const part of [Buffer.of(0xc3), Buffer.of(0xa4, 0xff)]) request.write(part);
    request.end();
    await expect(body).resolves.toEqual({ bytes: Buffer.of(0xc3, 0xa4, 0xff) });
  });

  it('stops storing bytes at the limit, with or without a content length', async () => {
    const tooLarge = { refusal: 'too-large', maxBytes: 4, size: 5 };
    await expect(readBody(incoming({ 'content-length': '5' }), 4)).resolves.toEqual(tooLarge);
    const request = incoming();
    const body = readBody(request, 4);
    request.write('12345');
    await expect(body).resolves.toEqual(tooLarge);
  });

  it('reads no compressed body', async () => {
    await expect(readBody(incoming({ 'content-encoding': 'gzip' }), 100)).resolves.toEqual({ refusal: 'encoded' });
  });

  it('notices a connection that ends in the middle', async () => {
    const request = incoming();
    const body = readBody(request, 100);
    request.write('half');
    request.destroy();
    await expect(body).resolves.toEqual({ refusal: 'cut-off' });
  });
});
