import type { IncomingMessage } from 'node:http';

import type { AuthEvents } from '../../core/auth-events.js';
import { framedBy, methodNotAllowed, pageResponse, type InstallResponse } from './install-response.js';
import { refusalPage } from './install-pages.js';
import { installErrorOf, installRefusalOf } from './install-refusal.js';
import { InstallRequest } from './install-request.js';
import { nodeRequest, reply, type PlatformReply, type PlatformRequest } from './platform-reply.js';

type InstallWork = (request: InstallRequest) => InstallResponse | Promise<InstallResponse>;

/** Answers requests, with a page of its own for each reason to refuse one. */
export class InstallHttpHandler {
  readonly #framedBy: { readonly wixOrigins: readonly string[] };
  readonly #events: AuthEvents;

  /** @param framedBy whose pages may show these in frames. */
  constructor(framedBy: { readonly wixOrigins: readonly string[] }, events: AuthEvents) {
    this.#framedBy = framedBy;
    this.#events = events;
  }

  /** Sends the result of the work; an error it throws on purpose becomes a page with a link to `startUrl`. */
  async serve(request: PlatformRequest, response: PlatformReply, startUrl: string, work: InstallWork): Promise<void> {
    const answer = await this.#answer(nodeRequest(request), startUrl, work);
    reply(response, framedBy(answer, this.#framedBy.wixOrigins));
  }

  async #answer(request: IncomingMessage, startUrl: string, work: InstallWork): Promise<InstallResponse> {
    // Express and Fastify route HEAD to GET, and a HEAD request must not use anything up.
    if (request.method !== 'GET') return methodNotAllowed();
    try {
      return await work(new InstallRequest(request));
    } catch (error) {
      const refusal = installErrorOf(error);
      if (refusal === undefined) throw error;
      this.#events.emit('installRefused', { code: refusal.code, message: refusal.message });
      return pageResponse(installRefusalOf(refusal.code).status, refusalPage(refusal.code, startUrl));
    }
  }
}
