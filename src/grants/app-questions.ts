import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { WixAnswer } from '../http/wix-answer.js';
import type { WixControlClient, WixQuestion } from '../http/wix-control.client.js';
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
  get(instanceId: WixInstanceId, path: string): Promise<WixAnswer> {
    return this.#ask(instanceId, { method: 'GET', path, repeatable: true, lane: 'control' });
  }

  /** The answer to a POST, whatever it says. One whose answer is lost is not sent again. */
  post(instanceId: WixInstanceId, path: string, body: object): Promise<WixAnswer> {
    return this.#ask(instanceId, { method: 'POST', path, body, repeatable: false, lane: 'control' });
  }

  async #ask(instanceId: WixInstanceId, question: WixQuestion): Promise<WixAnswer> {
    const token = await this.#tokens.accessTokenFor(instanceId);
    const answer = await this.#client.ask({ ...question, token: token.value });
    if (answer.status !== 401) return answer;

    await this.#tokens.invalidate(token);
    const fresh = await this.#tokens.accessTokenFor(instanceId);
    return this.#client.ask({ ...question, token: fresh.value });
  }
}
