import type { ArgumentsHost } from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import type { WixAuthError } from '../../core/wix-auth.errors.js';
import { NEST_ERROR_FORMAT, type HttpErrorFormat } from '../../nest/http-error-format.js';
import { responseBodyOf, isOurFault, type ResponseBody } from './response-body.js';
import { responseHeadersOf } from './response-headers.js';
import { setHeaders } from './http-response.js';
import { WixAuthException, WixAuthGraphqlException } from './wix-auth.exception.js';

/** The exception for an error, by the transport of the call. */
export function exceptionFor(
  error: WixAuthError,
  host: ArgumentsHost,
  format?: HttpErrorFormat,
): Error | Promise<Error> {
  switch (host.getType<string>()) {
    case 'graphql':
      return new WixAuthGraphqlException(error);
    case 'ws':
      return messageException(webSocketException, error);
    case 'rpc':
      return messageException(rpcException, error);
    default:
      return httpExceptionFor(error, host, format);
  }
}

/** The exception that answers an HTTP request. Its headers are set on the way, because exceptions carry none. */
export function httpExceptionFor(
  error: WixAuthError,
  host: ArgumentsHost,
  format: HttpErrorFormat = NEST_ERROR_FORMAT,
): WixAuthException {
  setHeaders(host, { ...responseHeadersOf(error), ...format.headers });
  return new WixAuthException(error, format);
}

/** What clients of WebSocket gateways and message handlers are told. */
export const messagePayloadOf = (error: WixAuthError): ResponseBody & { readonly status: 'error' } => ({
  status: 'error',
  ...responseBodyOf(error),
});

/** Logs for the operator what callers are not told. */
export function reportOurFault(error: WixAuthError, events: AuthEvents): void {
  if (isOurFault(error)) events.emit('operatorError', { code: error.code, message: error.message });
}

type MessageException = new (payload: object) => Error;

// Nest tells clients of these transports the payload of its own exceptions, and hides everything else. Their packages
// are optional, and there in every app that has a use for them. Each is named in an import with a catch of its own:
// bundlers then include it where it is installed, and do without where it is not.
const webSocketException = async (): Promise<MessageException | undefined> =>
  (await import('@nestjs/websockets').catch(() => undefined))?.WsException;
const rpcException = async (): Promise<MessageException | undefined> =>
  (await import('@nestjs/microservices').catch(() => undefined))?.RpcException;

async function messageException(
  load: () => Promise<MessageException | undefined>,
  error: WixAuthError,
): Promise<Error> {
  const Exception = await load();
  return Exception === undefined ? error : new Exception(messagePayloadOf(error));
}
