import { APP_INSTANCE_PATH, describesInstance, instanceToldBy } from '../../grants/instances/app-instance.endpoint.js';
import type { WixControlClient } from '../../http/wix-control.client.js';
import type { TokenEndpoint } from '../../tokens/token.endpoint.js';
import type { AskInstance } from './named-instances.js';

/**
 * Get App Instance with a token that is used once and cached nowhere, over connections of the installations: what
 * strangers name must neither evict cached entries nor delay the app's own requests.
 */
export const askUncached =
  (client: WixControlClient, tokens: TokenEndpoint): AskInstance =>
  async (instanceId) => {
    const token = await tokens.mint(instanceId);
    const answer = await client.send({
      method: 'GET',
      path: APP_INSTANCE_PATH,
      token: token.value,
      repeatable: true,
      lane: 'install',
      instanceId,
      isReadable: describesInstance,
    });
    return instanceToldBy(answer, instanceId);
  };
