import {
  type HttpException,
  InternalServerErrorException,
  PayloadTooLargeException,
  ServiceUnavailableException,
  UnauthorizedException,
} from '@nestjs/common';

import { WixAuthError } from '../core/wix-auth.errors.js';

/** Nest's own answer for a signed request that does not hold; anything unexpected stays what it is. */
export function unauthorized(error: unknown): unknown {
  if (!(error instanceof WixAuthError)) return error;
  const { code, message } = error;
  return new UnauthorizedException({ statusCode: 401, error: 'Unauthorized', message, code }, { cause: error });
}

/** The body is larger than `webhooks.maxBodyBytes`. */
export const tooLarge = (maxBytes: number): HttpException =>
  new PayloadTooLargeException(`The body is larger than ${String(maxBytes)} bytes.`);

/** A handler failed: Wix sends the event again. */
export const handlerFailed = (): HttpException =>
  new InternalServerErrorException('A handler of this event failed. Please send it again.');

/** Nobody knows yet whether every handler succeeds: Wix sends the event again and may hear that they did. */
export const notFinished = (): HttpException =>
  new ServiceUnavailableException('This event is still being dealt with. Please send it again.');
