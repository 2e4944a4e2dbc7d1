import type { ExecutionContext } from '@nestjs/common';

import { WixCredentialsMalformedError, WixMisconfiguredError } from '../../core/wix-auth.errors.js';
import { bareCredential } from '../../identity/credential.js';
import { methodDeclarationOn } from '../policy/access-declaration.js';
import { CredentialSource, type PresentedSignedInstance } from './credential-source.js';
import { authorizationOf } from './authorization-header.js';
import { httpRequestOf, type HttpRequest } from './http-request.js';
import { severalCredentials } from './one-credential.js';
import { setHeaders } from '../responses/http-response.js';

/**
 * Reads the credential of an HTTP request: `Authorization`, the configured header for signed instances, and on routes
 * with {@link AcceptInstanceQuery} the `instance` query parameter. Refuses requests that present two different ones.
 */
export class HttpCredentialSource extends CredentialSource {
  readonly #instanceHeader: string | undefined;

  /** @param instanceHeader - a header beside `Authorization` that may carry a signed instance. */
  constructor(instanceHeader?: string) {
    super();
    this.#instanceHeader = instanceHeader?.toLowerCase();
  }

  /**
   * @throws {@link WixCredentialsAmbiguousError}, {@link WixCredentialsMalformedError} about what was presented.
   * @throws {@link WixMisconfiguredError} in a context without an HTTP request.
   */
  override presented(context: ExecutionContext): string | PresentedSignedInstance | undefined {
    const request = httpRequestOf(context);
    if (request === undefined) throw noRequestIn(context);

    const authorization = authorizationOf(request);
    const inHeader = this.#instanceHeader === undefined ? undefined : singleHeader(request, this.#instanceHeader);
    if (authorization === undefined) return signedInstance(inHeader, instanceInQuery(context, request));
    if (inHeader !== undefined) refuseDifferent(inHeader, bareCredential(authorization));
    return authorization;
  }
}

// Node joins repeated headers with commas; no signed instance has one.
function singleHeader({ headers }: HttpRequest, name: string): string | undefined {
  const value = headers[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string' && !value.includes(',')) return value;
  throw severalCredentials();
}

function instanceInQuery(context: ExecutionContext, { method, url = '' }: HttpRequest): string | undefined {
  if (!methodDeclarationOn(context.getHandler()).acceptsInstanceQuery || (method !== 'GET' && method !== 'HEAD')) {
    return undefined;
  }
  const values = instancesIn(url);
  if (values.length > 0)
    setHeaders(context, { 'Cache-Control': 'private, no-store', 'Referrer-Policy': 'no-referrer' });
  return single(values);
}

// Reads the address itself: what a framework returns for `instance[]=` depends on its query parser.
function instancesIn(url: string): [name: string, value: string][] {
  const [, query = ''] = url.split('?', 2);
  return [...new URLSearchParams(query)].filter(([name]) => name === 'instance' || name.startsWith('instance['));
}

function single([first, ...others]: readonly [name: string, value: string][]): string | undefined {
  if (first === undefined) return undefined;
  const [name, value] = first;
  if (others.length === 0 && name === 'instance' && value !== '') return value;
  throw new WixCredentialsMalformedError('The query parameter "instance" must be one signed instance.');
}

function signedInstance(
  inHeader: string | undefined,
  inQuery: string | undefined,
): PresentedSignedInstance | undefined {
  if (inHeader !== undefined && inQuery !== undefined) refuseDifferent(inHeader, inQuery);
  const instance = inHeader ?? inQuery;
  return instance === undefined ? undefined : { signedInstance: instance };
}

function refuseDifferent(one: string, other: string): void {
  if (one !== other) throw severalCredentials();
}

const noRequestIn = (context: ExecutionContext): WixMisconfiguredError =>
  new WixMisconfiguredError(
    `This ${context.getType<string>()} context has no HTTP request, so there is no credential to read: ` +
      'name its transport in the option messageTransports, or provide a CredentialSource that finds the credential.',
  );
