interface SocketIoLike {
  emit(event: string, payload: unknown): unknown;
}

interface WebSocketLike {
  readonly readyState: number;
  send(text: string): unknown;
}

/** Sends a WebSocket client the event `exception`, as Nest does: by socket.io's own protocol, or as JSON. */
export function tellClient(client: SocketIoLike | WebSocketLike, payload: object): void {
  // Clients of ws have a method `emit` too, which tells only what listens in this process.
  if ('readyState' in client) client.send(JSON.stringify({ event: 'exception', data: payload }));
  else client.emit('exception', payload);
}
