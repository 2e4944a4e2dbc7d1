import { isJsonObject, type JsonObject } from '../../core/values/json.js';
import { WixInstanceUnknownError, WixUnavailableError } from '../../core/wix-auth.errors.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { describeAnswer, factsOf, type WixAnswer } from '../../http/wix-answer.js';
import type { AppRequests } from '../app-requests.js';

/** Asks Wix what a site granted the app (Get App Instance, https://dev.wix.com/docs/rest/app-management/app-instance). */
export class AppInstanceEndpoint {
  readonly #requests: AppRequests;

  constructor(requests: AppRequests) {
    this.#requests = requests;
  }

  /** Whether there is room for a request in the background. */
  get hasRoomToSpare(): boolean {
    return this.#requests.hasRoomToSpare;
  }

  /** The scope ids and permission ids granted on that site; none when Wix lists none. */
  async permissionsOf(instanceId: WixInstanceId): Promise<readonly string[]> {
    const answer = await this.#requests.get(instanceId, '/apps/v1/instance', describesInstance);
    const instance = answer.body?.['instance'];
    if (answer.status !== 200 || !isJsonObject(instance) || isAnother(instance, instanceId)) {
      throw errorFor(answer, instanceId);
    }
    return textsIn(instance['permissions']);
  }
}

const describesInstance = ({ body }: WixAnswer): boolean => isJsonObject(body?.['instance']);

// The token names the installation, so the answer need not; one that names another was not meant for this request.
function isAnother(instance: JsonObject, instanceId: WixInstanceId): boolean {
  const named = instance['instanceId'] ?? instanceId;
  return typeof named !== 'string' || instanceIdFromWix(named) !== instanceId;
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

function errorFor(answer: WixAnswer, instanceId: WixInstanceId): WixInstanceUnknownError | WixUnavailableError {
  return answer.status === 404 && answer.body !== undefined
    ? new WixInstanceUnknownError(`Wix knows no installation ${instanceId} of this app.`, answer)
    : new WixUnavailableError(
        `Wix did not say what the site granted the app (${describeAnswer(answer)}).`,
        factsOf(answer),
      );
}
