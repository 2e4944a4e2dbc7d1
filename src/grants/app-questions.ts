import type { WixInstanceId } from '../core/wix-instance-id.js';
import type { WixAnswer } from '../http/wix-answer.js';
import type { WixControlClient, WixQuestion } from '../http/wix-control.client.js';
import type { WixAccessToken } from '../tokens/wix-access-token.js';
import type { WixTokenService } from '../tokens/wix-token.service.js';

/** Asks Wix as the app on one site. A kept token that Wix no longer accepts is replaced once. */
export class AppQuestions {
  readonly #client: WixControlClient;
  readonly #tokens: WixTokenService;
  /** Tokens refused when they were new: the refusal is about something else, so they are not replaced again. */
  readonly #notToBlame = new WeakSet<WixAccessToken>();

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
    if (answer.status !== 401) this.#notToBlame.delete(token);
    return answer.status !== 401 || this.#notToBlame.has(token) ? answer : this.#askAnew(instanceId, question, token);
  }

  async #askAnew(instanceId: WixInstanceId, question: WixQuestion, refused: WixAccessToken): Promise<WixAnswer> {
    await this.#tokens.invalidate(refused);
    const token = await this.#tokens.accessTokenFor(instanceId);
    const answer = await this.#client.ask({ ...question, token: token.value });
    if (answer.status === 401) this.#notToBlame.add(token);
    return answer;
  }
}
