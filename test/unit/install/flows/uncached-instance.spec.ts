import { instanceIdFromWix } from '../../../../src/core/identities/wix-instance-id.js';
import { askUncached } from '../../../../src/install/flows/uncached-instance.js';
import { TokenEndpoint } from '../../../../src/tokens/token.endpoint.js';
import { app, INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { ScriptedWix, type WireAnswer } from '../../../support/scripted-wix.js';

const PATH = '/apps/v1/instance';

describe('Get App Instance for an installation that a stranger names', () => {
  let wix: ScriptedWix;
  let ask: ReturnType<typeof askUncached>;
  let answer: (token: string | undefined) => WireAnswer | string;

  beforeEach(() => {
    const clock = new FakeClock();
    wix = new ScriptedWix(({ path, body, authorization }) =>
      path === PATH ? answer(authorization) : { body: { access_token: `for ${String(body['instance_id'])}` } },
    );
    const client = wix.client(clock);
    ask = askUncached(client, new TokenEndpoint(client, app(), clock, 'install'));
  });

  const describes = (instanceId: string): WireAnswer => ({
    body: { instance: { instanceId, appName: 'Ours' }, site: { siteDisplayName: 'Theirs' } },
  });

  it('is throttled for that installation alone', async () => {
    answer = (token) =>
      token === `for ${INSTANCE}` ? { status: 429, headers: { 'retry-after': '30' } } : describes(OTHER_INSTANCE);

    expect(await codeOf(() => ask(INSTANCE))).toBe('WIX_UNAVAILABLE');
    expect(await ask(OTHER_INSTANCE)).toMatchObject({ instanceId: OTHER_INSTANCE });
    const asked = wix.to(PATH).length;
    expect(await codeOf(() => ask(INSTANCE))).toBe('WIX_UNAVAILABLE');
    expect(wix.to(PATH)).toHaveLength(asked);
  });

  it('is sent once more when the answer is lost', async () => {
    const answers: (WireAnswer | string)[] = ['ECONNRESET', describes(INSTANCE)];
    answer = () => answers.shift() ?? { status: 500 };

    expect(await ask(INSTANCE)).toMatchObject({ instanceId: INSTANCE });
    expect(wix.to(PATH)).toHaveLength(2);
  });

  it('is held back once it fails for several installations, and answers that cannot be read count', async () => {
    answer = () => ({ body: { unexpected: true } });
    const ids = Array.from({ length: 5 }, (_, index) =>
      instanceIdFromWix(`12345678-1234-4234-8234-00000000000${String(index)}`),
    );
    for (const id of ids) expect(await codeOf(() => ask(id))).toBe('WIX_UNAVAILABLE');
    const asked = wix.to(PATH).length;

    expect(await codeOf(() => ask(INSTANCE))).toBe('WIX_UNAVAILABLE');
    expect(wix.to(PATH)).toHaveLength(asked);
  });
});
