import { AppRequests } from '../../src/grants/app-requests.js';
import { CallTokens } from '../../src/tokens/call-tokens.js';
import { TokenEndpoint } from '../../src/tokens/token.endpoint.js';
import { app } from './app.js';
import type { FakeClock } from './fake-clock.js';
import { MapTokenStore } from './map-token-store.js';
import { ScriptedWix, type Script } from './scripted-wix.js';
import { tokensFrom } from './tokens-from.js';

/** A Wix that mints `token 1`, `token 2` and so on, and answers everything else by script. */
export class MintingWix extends ScriptedWix {
  #mints = 0;

  constructor(script: Script) {
    super(script);
    this.answers(script);
  }

  override answers(script: Script): void {
    super.answers((request) => {
      if (request.path !== '/oauth2/token') return script(request);
      this.#mints += 1;
      return { body: { access_token: `token ${String(this.#mints)}`, expires_in: 14_400 } };
    });
  }
}

/** Questions as the app, over the library's own token service. */
export function appQuestions(wix: ScriptedWix, clock: FakeClock): AppRequests {
  const client = wix.client(clock);
  const { tokens, appTokens, known } = tokensFrom(new TokenEndpoint(client, app(), clock), new MapTokenStore(), clock);
  return new AppRequests(client, new CallTokens({ tokens, appTokens, known, clock }));
}
