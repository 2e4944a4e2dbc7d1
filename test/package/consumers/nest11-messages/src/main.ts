import { checkMessages } from './messages.js';

void checkMessages().then(() => {
  console.log(
    'NestJS 11: socket.io, ws, graphql-ws and NATS, with credentials that are good, bad, expired and removed',
  );
});
