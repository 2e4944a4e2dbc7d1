import { Agent, type ClientRequest } from 'node:http';

import type { WixHttpOptions } from '../../index.js';
import { EMULATOR } from './fake-wix-http.js';
import { unansweredInApp } from './unanswered-call.js';

/** Opens no connection: a request that has no fake fails at once, and the log names it. */
class ClosedAgent extends Agent {
  /** How Node hands a request to its agent, which then finds it a connection. */
  addRequest(request: ClientRequest): void {
    const error = unansweredInApp(`${request.method} ${request.path}`, EMULATOR);
    process.nextTick(() => request.emit('error', error));
  }
}

/** Agents for an application that must not reach Wix. */
export const closedAgents = (): Required<WixHttpOptions> => {
  const agent = new ClosedAgent();
  return { agents: { http: agent, https: agent } };
};
