import type { IncomingMessage } from 'node:http';

import { WixLogger } from '../../diagnostics/wix-logger.js';
import { framedBy, methodNotAllowed, pageResponse, type InstallResponse } from './install-response.js';
import { refusalPage } from './install-pages.js';
import { installErrorOf, installRefusalOf } from './install-refusal.js';
import { InstallRequest } from './install-request.js';
import { nodeRequest, reply, type PlatformReply, type PlatformRequest } from './platform-reply.js';
import type { WixInstallError, WixInstallErrorCode } from '../install.errors.js';

type InstallWork = (request: InstallRequest) => InstallResponse | Promise<InstallResponse>;

const WARN_EVERY_MS = 60_000;

/** Answers requests, with a page of its own for each reason to refuse one. */
export class InstallHttpHandler {
  readonly #quietUntilMs = new Map<WixInstallErrorCode, number>();
  readonly #logger = new WixLogger();
  readonly #framedBy: { readonly wixOrigins: readonly string[] };

  /** @param framedBy whose pages may show these in frames. */
  constructor(framedBy: { readonly wixOrigins: readonly string[] }) {
    this.#framedBy = framedBy;
  }

  /** Answers with what the work comes to; what it throws on purpose becomes a page that leads to `startUrl`. */
  async serve(request: PlatformRequest, response: PlatformReply, startUrl: string, work: InstallWork): Promise<void> {
    const answer = await this.#answer(nodeRequest(request), startUrl, work);
    reply(response, framedBy(answer, this.#framedBy.wixOrigins));
  }

  async #answer(request: IncomingMessage, startUrl: string, work: InstallWork): Promise<InstallResponse> {
    // Express and Fastify route HEAD to GET, and looking at an address must use nothing up.
    if (request.method !== 'GET') return methodNotAllowed();
    try {
      return await work(new InstallRequest(request));
    } catch (error) {
      const refusal = installErrorOf(error);
      if (refusal === undefined) throw error;
      this.#report(refusal);
      return pageResponse(installRefusalOf(refusal.code).status, refusalPage(refusal.code, startUrl));
    }
  }

  // Anybody can cause these: they must be noticed and must not fill the log.
  #report({ code, message }: WixInstallError): void {
    const nowMs = performance.now();
    if (nowMs < (this.#quietUntilMs.get(code) ?? 0)) return;
    this.#quietUntilMs.set(code, nowMs + WARN_EVERY_MS);
    this.#logger.warn(`An installation was refused (${code}): ${message}`);
  }
}
