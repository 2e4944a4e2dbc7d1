import type { ServerResponse } from 'node:http';

import type { ArgumentsHost } from '@nestjs/common';

/** What Express and Fastify add to Node's response. */
interface PlatformResponse {
  header(name: string, value: string): unknown;
}

/** Sets headers of the answer to an HTTP request. Other contexts have none, and nothing happens. */
export function setHeaders(host: ArgumentsHost, headers: Readonly<Record<string, string>>): void {
  if (host.getType<string>() !== 'http') return;
  const response = host.getArgByIndex<ServerResponse | PlatformResponse>(1);
  for (const [name, value] of Object.entries(headers)) {
    if ('header' in response) response.header(name, value);
    else response.setHeader(name, value);
  }
}
