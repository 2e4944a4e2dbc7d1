import {
  BadRequestException,
  createParamDecorator,
  InternalServerErrorException,
  UnsupportedMediaTypeException,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';

import { BODY, TAKES_RAW_BODY } from '../../core/marks.js';
import { tooLarge } from './request-exceptions.js';

/** The bytes of a body, or why they were not read. */
export type CapturedBody =
  | { readonly bytes: Buffer }
  | { readonly refusal: 'encoded' | 'cut-off' }
  | { readonly refusal: 'too-large'; readonly maxBytes: number; readonly size: number };

/** Keeps a body on Node's own request. */
export const keepBody = (request: object, body: CapturedBody): void => {
  Reflect.set(request, BODY, body);
};

/** Whether the body of a request was captured already. */
export const hasCapturedBody = (request: object): boolean => Reflect.has(request, BODY);

/**
 * The bytes of a request's body exactly as they arrived, from Express's or Fastify's request. Where a host had read
 * the body before Nest saw it, the bytes it left in `rawBody`.
 *
 * @throws 413, 415 or 400 as Nest's exceptions when the body was too large, compressed or cut off, and 500 when a
 * parser of the application has read it and left no bytes.
 */
export function rawBodyOf(request: object): Buffer {
  const raw: unknown = Reflect.get(request, 'raw');
  const carriers = [request, raw].filter((carrier) => typeof carrier === 'object' && carrier !== null);
  const captured = carriers.map((carrier) => Reflect.get(carrier, BODY) as CapturedBody | undefined).find(Boolean);
  return captured === undefined ? leftByHost(carriers) : bytesOf(captured);
}

function bytesOf(body: CapturedBody): Buffer {
  if ('bytes' in body) return body.bytes;
  switch (body.refusal) {
    case 'too-large':
      throw tooLarge(body.maxBytes);
    case 'encoded':
      throw new UnsupportedMediaTypeException('A signed body must be sent without Content-Encoding.');
    case 'cut-off':
      throw new BadRequestException('The body ended too early.');
  }
}

function leftByHost(carriers: readonly object[]): Buffer {
  const left = carriers
    .flatMap((carrier): unknown[] => [Reflect.get(carrier, 'rawBody'), Reflect.get(carrier, 'body')])
    .find((value) => typeof value === 'string' || value instanceof Uint8Array);
  if (left === undefined) {
    throw new InternalServerErrorException(
      'The body was parsed before it could be verified. Let WixAuthModule read it, or start Nest with rawBody: true.',
    );
  }
  return Buffer.from(left);
}

const rawBody = createParamDecorator((_data: unknown, context: ExecutionContext): Buffer =>
  rawBodyOf(context.switchToHttp().getRequest()),
);

/**
 * The bytes of the body, for a route of your own that takes webhooks (`webhooks: { controller: false }`). The body of
 * such a route is read before the application's parsers see it.
 */
export const WixRawBody =
  (...pipes: Parameters<typeof rawBody>): ParameterDecorator =>
  (target, name, index) => {
    rawBody(...pipes)(target, name, index);
    if (name !== undefined) Reflect.defineMetadata(TAKES_RAW_BODY, true, target.constructor, name);
  };

/** Whether a method has a parameter with {@link WixRawBody}, inherited or its own. */
export const takesRawBody = (controller: Type, name: string): boolean =>
  Reflect.hasMetadata(TAKES_RAW_BODY, controller, name);
