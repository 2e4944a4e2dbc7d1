/** Transports other than plain HTTP requests whose calls have a usual place for a credential. */
export const MESSAGE_TRANSPORTS = ['socket.io', 'ws', 'graphql-ws', 'nats', 'kafka', 'rabbitmq', 'grpc'] as const;

/** A transport other than plain HTTP requests whose calls can carry a credential. */
export type WixMessageTransport = (typeof MESSAGE_TRANSPORTS)[number];
