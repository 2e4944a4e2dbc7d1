import type { ExecutionContext, Type } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';

import { AcceptInstanceQuery } from '../../../../src/access/decorators/accept-instance-query.decorator.js';
import { HttpCredentialSource } from '../../../../src/access/credentials/http-credential.source.js';
import { codeOf } from '../../../support/code-of.js';

class Routes {
  plain() {
    return undefined;
  }

  @AcceptInstanceQuery()
  page() {
    return undefined;
  }
}

interface FakeRequest {
  readonly method?: string;
  readonly url?: string;
  /** As they came over the wire. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

class FakeResponse {
  readonly headers: Record<string, string> = {};

  header(name: string, value: string): void {
    this.headers[name] = value;
  }
}

/** What Node makes of it: the first Authorization counts, other repeated headers are joined. */
function nodeRequest({ method = 'GET', url = '/', headers = [] }: FakeRequest) {
  const parsed: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    const known = parsed[key];
    parsed[key] = known === undefined ? value : key === 'authorization' ? known : `${known}, ${value}`;
  }
  return { method, url, headers: parsed, rawHeaders: headers.flat() };
}

function contextOf(args: readonly unknown[], type = 'http', handler = Routes.prototype.plain): ExecutionContext {
  const context = new ExecutionContextHost([...args], Routes as Type, handler);
  context.setType(type);
  return context;
}

const source = new HttpCredentialSource('X-Wix-Instance');
const presented = (request: FakeRequest, handler = Routes.prototype.plain) =>
  source.presented(contextOf([nodeRequest(request), new FakeResponse()], 'http', handler));
const presentedOnPage = (request: FakeRequest) => presented(request, Routes.prototype.page);

describe('HttpCredentialSource', () => {
  it.each(['token', 'Bearer token', 'bEARER token', ''])('returns the Authorization header "%s" unchanged', (text) => {
    expect(presented({ headers: [['Authorization', text]] })).toBe(text);
  });

  it('returns nothing for a request without a credential', () => {
    expect(presented({ headers: [['Accept', '*/*']] })).toBeUndefined();
  });

  it('reads the request that Fastify wraps', () => {
    const raw = nodeRequest({ headers: [['authorization', 'token']] });
    expect(source.presented(contextOf([{ raw, headers: {} }]))).toBe('token');
  });

  it('ignores another property called raw on an Express request', () => {
    const request = { ...nodeRequest({ headers: [['authorization', 'token']] }), raw: Buffer.from('body') };
    expect(source.presented(contextOf([request]))).toBe('token');
  });

  it.each(['token', 'other'])('refuses a second Authorization header ("%s") that Node hides', async (second) => {
    const headers = [
      ['Authorization', 'token'],
      ['AUTHORIZATION', second],
    ] as const;
    expect(await codeOf(() => presented({ headers }))).toBe('WIX_CREDENTIALS_AMBIGUOUS');
  });

  it('accepts one Authorization header beside names and values of the same length', () => {
    const headers = [
      ['Cache-Control', 'authorization'],
      ['Authorization', 'token'],
      ['If-None-Match', 'authorization'],
    ] as const;
    expect(presented({ headers })).toBe('token');
  });

  it('works without raw headers, which some adapters leave out', () => {
    expect(source.presented(contextOf([{ headers: { authorization: 'token' } }]))).toBe('token');
  });

  it('refuses an Authorization header that an adapter turned into a list', async () => {
    const request = { method: 'GET', url: '/', headers: { authorization: ['a', 'b'] }, rawHeaders: [] };
    expect(await codeOf(() => source.presented(contextOf([request])))).toBe('WIX_CREDENTIALS_AMBIGUOUS');
  });

  describe('the header for signed instances', () => {
    it('is read in any casing, and accepts only a signed instance', () => {
      expect(presented({ headers: [['x-wix-INSTANCE', 'sig.data']] })).toEqual({ signedInstance: 'sig.data' });
    });

    it('is not read unless configured', () => {
      const request = nodeRequest({ headers: [['x-wix-instance', 'sig.data']] });
      expect(new HttpCredentialSource().presented(contextOf([request]))).toBeUndefined();
    });

    it('is ignored when it is empty', () => {
      const headers = [
        ['authorization', 'token'],
        ['x-wix-instance', ''],
      ] as const;
      expect(presented({ headers })).toBe('token');
    });

    it('may repeat the value of Authorization', () => {
      const headers = [
        ['authorization', 'Bearer sig.data'],
        ['x-wix-instance', 'sig.data'],
      ] as const;
      expect(presented({ headers })).toBe('Bearer sig.data');
    });

    it.each<FakeRequest>([
      {
        headers: [
          ['authorization', 'token'],
          ['x-wix-instance', 'sig.data'],
        ],
      },
      {
        headers: [
          ['x-wix-instance', 'sig.data'],
          ['x-wix-instance', 'sig.other'],
        ],
      },
    ])('refuses two credentials: %j', async (request) => {
      expect(await codeOf(() => presented(request))).toBe('WIX_CREDENTIALS_AMBIGUOUS');
    });
  });

  describe('the instance query parameter', () => {
    it.each(['GET', 'HEAD'])('is read on a %s route that accepts it', (method) => {
      expect(presentedOnPage({ method, url: '/page?a=1&instance=sig.data' })).toEqual({ signedInstance: 'sig.data' });
    });

    it('is ignored where it is not accepted', () => {
      expect(presented({ url: '/?instance=sig.data' })).toBeUndefined();
      expect(presentedOnPage({ method: 'POST', url: '/?instance=sig.data' })).toBeUndefined();
    });

    it('is ignored beside an Authorization header', () => {
      const headers = [['authorization', 'token']] as const;
      expect(presentedOnPage({ url: '/?instance=sig.data', headers })).toBe('token');
    });

    it.each([
      'instance=a.b&instance=c.d',
      'instance=a.b&instance=a.b',
      'instance[]=a.b',
      'instance[x]=a.b',
      'instance=',
    ])('is refused as "%s"', async (query) => {
      expect(await codeOf(() => presentedOnPage({ url: `/page?${query}` }))).toBe('WIX_CREDENTIALS_MALFORMED');
    });

    it('is refused beside a different signed instance in the header', async () => {
      const headers = [['x-wix-instance', 'sig.other']] as const;
      expect(await codeOf(() => presentedOnPage({ url: '/?instance=sig.data', headers }))).toBe(
        'WIX_CREDENTIALS_AMBIGUOUS',
      );
    });

    it.each(['instance=a.b', 'instance='])('hides the response to "%s" from caches and referrers', (query) => {
      const response = new FakeResponse();
      const request = nodeRequest({ url: `/page?${query}` });
      try {
        source.presented(contextOf([request, response], 'http', Routes.prototype.page));
      } catch {
        // A refusal is an answer too.
      }
      expect(response.headers).toEqual({ 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'no-referrer' });
    });

    it('leaves responses unchanged when their address has none', () => {
      const response = new FakeResponse();
      source.presented(contextOf([nodeRequest({ url: '/page' }), response], 'http', Routes.prototype.page));
      expect(response.headers).toEqual({});
    });
  });

  describe('in GraphQL', () => {
    const req = nodeRequest({ headers: [['authorization', 'token']] });

    it.each([
      ['Apollo', { req }],
      ['Apollo on Fastify', { req: { raw: req } }],
      ['Mercurius', { reply: { request: { raw: req } } }],
      ['a context of your own', { request: req }],
    ])('reads the request in the context of %s', (_name, context) => {
      expect(source.presented(contextOf([undefined, {}, context, {}], 'graphql'))).toBe('token');
    });

    it("reads it for a federation's reference resolver", () => {
      expect(source.presented(contextOf([{}, { req }, {}], 'graphql'))).toBe('token');
    });

    it.each([undefined, null, {}, { req: {} }])('refuses a context without a request: %j', async (context) => {
      expect(await codeOf(() => source.presented(contextOf([undefined, {}, context, {}], 'graphql')))).toBe(
        'WIX_MISCONFIGURED',
      );
    });
  });

  it.each(['ws', 'rpc', 'telegraf'])('refuses to read a %s context', async (type) => {
    const request = nodeRequest({ headers: [['authorization', 'token']] });
    expect(await codeOf(() => source.presented(contextOf([request, request], type)))).toBe('WIX_MISCONFIGURED');
  });
});
