import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { WixAnswer } from '../http/wix-answer.js';
import type { WixControlClient } from '../http/wix-control.client.js';
import type { WixTokenService } from '../tokens/wix-token.service.js';

/** Asks Wix as the app on one site. A kept token that Wix no longer accepts is replaced once. */
export class AppQuestions {
  readonly #client: WixControlClient;
  readonly #tokens: WixTokenService;

  constructor(client: WixControlClient, tokens: WixTokenService) {
    this.#client = client;
    this.#tokens = tokens;
  }

  /** The answer to a GET, whatever it says. */
  async get(instanceId: WixInstanceId, path: string): Promise<WixAnswer> {
    const token = await this.#tokens.accessTokenFor(instanceId);
    const answer = await this.#ask(path, token.value);
    if (answer.status !== 401) return answer;

    await this.#tokens.invalidate(token);
    return this.#ask(path, (await this.#tokens.accessTokenFor(instanceId)).value);
  }

  #ask(path: string, token: string): Promise<WixAnswer> {
    return this.#client.ask({ method: 'GET', path, token, repeatable: true, lane: 'control' });
  }
}
