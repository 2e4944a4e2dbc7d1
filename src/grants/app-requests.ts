import type { WixInstanceId } from '../core/identities/wix-instance-id.js';
import type { WixAnswer } from '../http/wix-answer.js';
import type { WixControlClient, ControlRequest } from '../http/wix-control.client.js';
import type { CallTokens } from '../tokens/call-tokens.js';
import type { WixAccessToken } from '../tokens/wix-access-token.js';

/** Asks Wix as the app on one site. A cached token that Wix no longer accepts is replaced once. */
export class AppRequests {
  readonly #client: WixControlClient;
  readonly #tokens: CallTokens;

  constructor(client: WixControlClient, tokens: CallTokens) {
    this.#client = client;
    this.#tokens = tokens;
  }

  /** Whether there is room for a request in the background. */
  get hasRoomToSpare(): boolean {
    return this.#client.hasRoomToSpare('control');
  }

  /**
   * The answer to a GET, with any status.
   *
   * @param isReadable whether an answer of 2xx says what was asked for.
   */
  get(instanceId: WixInstanceId, path: string, isReadable?: (answer: WixAnswer) => boolean): Promise<WixAnswer> {
    return this.#send(instanceId, { method: 'GET', path, repeatable: true, lane: 'control', isReadable });
  }

  /** The answer to a POST, with any status. Not sent again when the answer is lost. */
  post(instanceId: WixInstanceId, path: string, body: object): Promise<WixAnswer> {
    return this.#send(instanceId, {
      method: 'POST',
      path,
      body,
      repeatable: false,
      lane: 'control',
      isReadable: () => true,
    });
  }

  async #send(instanceId: WixInstanceId, request: ControlRequest): Promise<WixAnswer> {
    const app = this.#tokens.asInstanceOf(instanceId);
    const token = await app.token();
    const answer = await this.#client.send({ ...request, instanceId, token: token.value });
    const fresh = answer.status === 401 ? await this.#tokens.replace(token, app) : undefined;
    return fresh === undefined ? answer : this.#resend({ ...request, instanceId }, fresh);
  }

  async #resend(request: ControlRequest, fresh: WixAccessToken): Promise<WixAnswer> {
    const answer = await this.#client.send({ ...request, token: fresh.value });
    if (answer.status === 401) this.#tokens.suppressInvalidation(fresh);
    return answer;
  }
}
