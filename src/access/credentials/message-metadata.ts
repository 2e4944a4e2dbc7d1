import type { ExecutionContext } from '@nestjs/common';

import type { WixMessageTransport } from '../../nest/message-transports.js';
import { oneCredential } from './one-credential.js';
import type { PresentedBy } from './presented-by.js';
import { authorizationsIn, hasMethods, isShape } from './shapes.js';

/**
 * How the message of a microservice presents a credential: by `authorization` in the headers of NATS, Kafka and
 * RabbitMQ, or the metadata of gRPC. `undefined` for transports that have neither.
 */
export function presentedInMetadata(context: ExecutionContext): PresentedBy | undefined {
  const details = context.getArgByIndex<unknown>(1);
  const found = readers.find(({ methods }) => hasMethods(details, ...methods));
  return found && { transport: found.transport, credential: () => oneCredential(found.authorizations(details)) };
}

interface MetadataReader {
  readonly transport: WixMessageTransport;
  /** The methods by which the object that Nest passes beside the data is recognized. */
  readonly methods: readonly string[];
  readonly authorizations: (details: unknown) => readonly unknown[];
}

const readers: readonly MetadataReader[] = [
  {
    transport: 'nats',
    methods: ['getSubject', 'getHeaders'],
    authorizations: (details) => authorizationsInNats(resultOf(details, 'getHeaders')),
  },
  {
    transport: 'kafka',
    methods: ['getTopic', 'getPartition', 'getMessage'],
    authorizations: (details) => authorizationsIn(propertyOf(resultOf(details, 'getMessage'), 'headers')),
  },
  {
    transport: 'rabbitmq',
    methods: ['getChannelRef', 'getMessage'],
    authorizations: (details) =>
      authorizationsIn(propertyOf(propertyOf(resultOf(details, 'getMessage'), 'properties'), 'headers')),
  },
  {
    transport: 'grpc',
    methods: ['get', 'getMap'],
    authorizations: (details) => listOf(resultOf(details, 'get', 'authorization')),
  },
];

// Unlike in HTTP, the names of NATS headers are case-sensitive.
function authorizationsInNats(headers: unknown): readonly unknown[] {
  return listOf(resultOf(headers, 'keys'))
    .filter((name) => typeof name === 'string' && name.toLowerCase() === 'authorization')
    .flatMap((name) => listOf(resultOf(headers, 'values', name)));
}

const resultOf = (target: unknown, method: string, ...args: readonly unknown[]): unknown =>
  hasMethods(target, method) ? target[method]?.(...args) : undefined;

const propertyOf = (target: unknown, name: string): unknown => (isShape(target) ? target[name] : undefined);

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
