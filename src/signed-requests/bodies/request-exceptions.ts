import { STATUS_CODES } from 'node:http';

import {
  HttpException,
  InternalServerErrorException,
  PayloadTooLargeException,
  ServiceUnavailableException,
} from '@nestjs/common';

import type { AuthEvents } from '../../core/auth-events.js';
import { WixAuthError } from '../../core/wix-auth.errors.js';

/** Nest's exception for an invalid signed request; unexpected errors are returned as they are. */
export function unauthorized(error: unknown, events: AuthEvents): unknown {
  if (!(error instanceof WixAuthError)) return error;
  const { code } = error;
  const statusCode = statusOf(code);
  const message = statusCode === 500 ? reported(error, events) : error.message;
  return new HttpException({ statusCode, error: STATUS_CODES[statusCode], message, code }, statusCode, {
    cause: error,
  });
}

// What is not about what was sent is about this application.
function statusOf(code: unknown): number {
  if (code === 'WIX_EVENT_TOO_DEEP') return 400;
  return String(code).startsWith('WIX_CREDENTIALS_') ? 401 : 500;
}

function reported({ code, message }: WixAuthError, events: AuthEvents): string {
  events.emit('operatorError', { code, message });
  return 'The server is not set up to answer this request.';
}

/** The body is larger than `webhooks.maxBodyBytes`. */
export const tooLarge = (maxBytes: number): HttpException =>
  new PayloadTooLargeException(`The body is larger than ${String(maxBytes)} bytes.`);

/** A handler failed: Wix sends the event again. */
export const handlerFailed = (): HttpException =>
  new InternalServerErrorException('A handler of this event failed. Please send it again.');

/** The application stops: another process, or this one after its restart, gets the event when Wix sends it again. */
export const stopping = (): HttpException =>
  new ServiceUnavailableException('The application stops. Please send this event again.');

/** It is not known yet whether every handler succeeds: Wix sends the event again and may hear that they did. */
export const notFinished = (): HttpException =>
  new ServiceUnavailableException('This event is still being dealt with. Please send it again.');

/** The event is not in the queue, or not known to be: Wix sends it again. */
export const notStored = (): HttpException =>
  new ServiceUnavailableException('This event could not be stored. Please send it again.');

/** It is not known yet whether a signed request that counts once was answered. */
export const notAnswered = (): HttpException =>
  new ServiceUnavailableException('This request is still being dealt with. Please send it again.');
