import { io, type Socket } from 'socket.io-client';

/** @param accessToken - gets a token from Wix in your page. */
export function connectTo(url: string, accessToken: () => Promise<string>): Socket {
  const socket = io(url, {
    // Called whenever it connects, so that each connection begins with a token of its own.
    auth: (send) => {
      void accessToken().then((token) => {
        send({ token });
      });
    },
  });
  // Clients of socket.io do not connect again by themselves when it was the server that ended the connection.
  socket.on('exception', ({ code }: { code: string }) => {
    if (code === 'WIX_CREDENTIALS_EXPIRED') socket.once('disconnect', () => socket.connect());
  });
  return socket;
}
