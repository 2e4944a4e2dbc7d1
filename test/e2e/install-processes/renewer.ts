import { instanceIdFromWix } from '../../../src/core/identities/wix-instance-id.js';
import { openRefreshTokens, type RenewerSetup } from './refresh-tokens.js';

/** How often the process is to renew, all at once. */
export interface RenewerTask {
  readonly times: number;
}

const [text = '{}'] = process.argv.slice(2);
const setup = JSON.parse(text) as RenewerSetup;
const { tokens } = openRefreshTokens(setup);

process.on('message', ({ times }: RenewerTask) => {
  const renewals = Array.from({ length: times }, () => tokens.tokenFor(instanceIdFromWix(setup.instanceId)));
  void Promise.allSettled(renewals).then((results) =>
    process.send?.(
      results.map((result) => (result.status === 'fulfilled' ? result.value?.value : String(result.reason))),
    ),
  );
});
process.send?.('ready');
