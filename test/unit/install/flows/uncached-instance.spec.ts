import { instanceIdFromWix, type WixInstanceId } from '../../../../src/core/identities/wix-instance-id.js';
import type { WixControlClient } from '../../../../src/http/wix-control.client.js';
import { askUncached } from '../../../../src/install/flows/uncached-instance.js';
import { TokenEndpoint } from '../../../../src/tokens/token.endpoint.js';
import { app, INSTANCE, OTHER_INSTANCE } from '../../../support/app.js';
import { codeOf } from '../../../support/code-of.js';
import { deferred, turns } from '../../../support/deferred.js';
import { FakeClock } from '../../../support/fake-clock.js';
import { ScriptedWix, type WireAnswer } from '../../../support/scripted-wix.js';

const PATH = '/apps/v1/instance';

describe('Get App Instance for an installation that an unknown caller names', () => {
  let clock: FakeClock;
  let wix: ScriptedWix;
  let client: WixControlClient;
  let ask: ReturnType<typeof askUncached>;
  let answer: (token: string | undefined) => WireAnswer | string;

  const instances = (count: number): WixInstanceId[] =>
    Array.from({ length: count }, (_, index) =>
      instanceIdFromWix(`12345678-1234-4234-8234-0000000000${String(index).padStart(2, '0')}`),
    );

  beforeEach(() => {
    clock = new FakeClock();
    wix = new ScriptedWix(({ path, body, authorization }) =>
      path === PATH ? answer(authorization) : { body: { access_token: `for ${String(body['instance_id'])}` } },
    );
    client = wix.client(clock);
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

  it('does not delay minting, however many of them wait', async () => {
    const overdue = deferred<WireAnswer>();
    wix.answers(({ path, body }) =>
      path === PATH ? overdue.promise : { body: { access_token: `for ${String(body['instance_id'])}` } },
    );
    const waiting = instances(40).map((id) => codeOf(() => ask(id)));

    for (let turn = 0; turn < 200; turn += 1) await turns();

    const mint = new TokenEndpoint(client, app(), clock).mint(INSTANCE);
    expect(await mint).toMatchObject({ value: `for ${INSTANCE}` });
    overdue.resolve({ status: 500 });
    await Promise.all(waiting);
  });

  it('is repeated once when the response is lost', async () => {
    const answers: (WireAnswer | string)[] = ['ECONNRESET', describes(INSTANCE)];
    answer = () => answers.shift() ?? { status: 500 };

    expect(await ask(INSTANCE)).toMatchObject({ instanceId: INSTANCE });
    expect(wix.to(PATH)).toHaveLength(2);
  });

  it('is stopped by the circuit after failures for several installations, including unreadable responses', async () => {
    answer = () => ({ body: { unexpected: true } });
    for (const id of instances(5)) expect(await codeOf(() => ask(id))).toBe('WIX_UNAVAILABLE');
    const asked = wix.to(PATH).length;

    expect(await codeOf(() => ask(INSTANCE))).toBe('WIX_UNAVAILABLE');
    expect(wix.to(PATH)).toHaveLength(asked);
  });
});
