import { isJsonObject, type JsonObject } from '../../core/values/json.js';
import { WixInstanceUnknownError, WixUnavailableError } from '../../core/wix-auth.errors.js';
import { instanceIdFromWix, type WixInstanceId } from '../../core/identities/wix-instance-id.js';
import { describeAnswer, factsOf, type WixAnswer } from '../../http/wix-answer.js';
import type { AppRequests } from '../app-requests.js';
import { appGrantsOf } from '../wix-grants.js';
import type { AppInstance } from './app-instance.js';
import { wixInstanceIn, type WixInstance } from './wix-instance.js';

/** Where Get App Instance is. */
export const APP_INSTANCE_PATH = '/apps/v1/instance';

/** Asks Wix about an installation (Get App Instance, https://dev.wix.com/docs/rest/app-management/app-instance). */
export class AppInstanceEndpoint {
  readonly #requests: AppRequests;

  constructor(requests: AppRequests) {
    this.#requests = requests;
  }

  /** Whether there is room for a request in the background. */
  get hasRoomToSpare(): boolean {
    return this.#requests.hasRoomToSpare;
  }

  /**
   * What Wix says of an installation now.
   *
   * @throws {@link WixInstanceUnknownError}, {@link WixUnavailableError}
   */
  async of(instanceId: WixInstanceId): Promise<AppInstance> {
    return appInstanceIn(await this.#requests.get(instanceId, APP_INSTANCE_PATH, describesInstance), instanceId);
  }
}

/** Whether an answer of Get App Instance can be read. */
export const describesInstance = ({ body }: WixAnswer): boolean => isJsonObject(body?.['instance']);

/**
 * The installation that an answer of Get App Instance describes in full.
 *
 * @throws {@link WixInstanceUnknownError}, {@link WixUnavailableError}
 */
export function instanceToldBy(answer: WixAnswer, instanceId: WixInstanceId): WixInstance {
  return appInstanceIn(answer, instanceId).instance ?? raise(answer, instanceId);
}

function appInstanceIn(answer: WixAnswer, instanceId: WixInstanceId): AppInstance {
  const { status, body = {} } = answer;
  const described = body['instance'];
  if (status !== 200 || !isJsonObject(described) || isAnother(described, instanceId)) return raise(answer, instanceId);
  const instance = wixInstanceIn(body);
  return {
    grants: appGrantsOf(textsIn(described['permissions'])),
    plan: instance === undefined ? undefined : { name: instance.plan?.packageName },
    instance,
  };
}

// The token names the installation, so the answer need not; one that names another was not meant for this request.
function isAnother(instance: JsonObject, instanceId: WixInstanceId): boolean {
  const named = instance['instanceId'] ?? instanceId;
  return typeof named !== 'string' || instanceIdFromWix(named) !== instanceId;
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

function raise(answer: WixAnswer, instanceId: WixInstanceId): never {
  throw answer.status === 404 && answer.body !== undefined
    ? new WixInstanceUnknownError(`Wix knows no installation ${instanceId} of this app.`, answer)
    : new WixUnavailableError(`Wix did not describe the installation (${describeAnswer(answer)}).`, factsOf(answer));
}
