import { runningConsole, type RunningConsole } from '../../../support/running-console.js';
import { untilTrue } from '../../../support/until-true.js';

let running: RunningConsole;
beforeEach(async () => {
  running = await runningConsole();
});
afterEach(() => running.stop());

const ask = (path: string, init: RequestInit = {}) => fetch(`${running.program.url}${path}`, init);

const tokenInfo = (token: string) => ask('/oauth2/token-info', { method: 'POST', body: JSON.stringify({ token }) });

async function tokenOf(as: string): Promise<string> {
  const { instanceId } = running.program.scenario.install();
  return String((await running.call('POST', 'copy', { what: 'token', instanceId, as })).json.text);
}

describe('the request log', () => {
  it('shows the caller of each request, never the token', async () => {
    const token = await tokenOf('manager');
    await tokenInfo(token);
    await ask('/apps/v1/instance', { headers: { authorization: await tokenOf('app') } });
    const { json, text } = await running.call('GET', 'requests');
    const { instanceId } = running.program.scenario.install();
    expect(json.requests).toMatchObject([
      { id: 1, method: 'POST', path: '/oauth2/token-info', status: 200, repeats: 0, faulty: false },
      { id: 2, method: 'GET', path: '/apps/v1/instance', status: 200 },
    ]);
    expect(json.requests[0].as).toEqual({ type: 'user', key: 'manager', name: 'Manager', instanceId });
    expect(json.requests[1].as).toMatchObject({ type: 'app', key: 'app', instanceId });
    expect(json.requests[0].ms).toBeGreaterThanOrEqual(0);
    expect(text).not.toContain(token);
    expect((await running.call('GET', 'requests/1')).json.body).toEqual({ token: '[redacted]' });
    expect((await running.call('GET', 'requests/99')).status).toBe(404);
  });

  it('suggests what would need fewer requests', async () => {
    const token = await tokenOf('visitor');
    for (let times = 0; times < 6; times += 1) await tokenInfo(token);
    await tokenInfo(await tokenOf('owner'));
    const { json } = await running.call('GET', 'requests');
    expect(json.hints).toEqual([
      expect.objectContaining({
        count: 6,
        path: '/oauth2/token-info',
        text: expect.stringContaining('6 times for one token'),
      }),
    ]);
    expect(json.requests).toMatchObject([0, 1, 2, 3, 4, 5, 0].map((repeats) => ({ repeats })));
    expect((await running.call('DELETE', 'requests')).status).toBe(204);
    expect((await running.call('GET', 'requests')).json).toEqual({ requests: [], hints: [] });
  });

  it('omits the pages that browsers open', async () => {
    await ask(`/app-market/${running.program.app.app.appId}`);
    expect((await running.call('GET', 'requests')).json.requests).toEqual([]);
  });
});

describe('the stream', () => {
  it('sends each request when it arrives and when it is answered, and other changes', async () => {
    const { program } = running;
    const stop = new AbortController();
    const answer = await fetch(`${program.url}/_emulator/api/stream`, {
      headers: { 'x-emulator-key': program.key },
      signal: stop.signal,
    });
    let text = '';
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString();
    })().catch(() => undefined);

    const events = () =>
      text
        .split('\n\n')
        .filter((part) => part.startsWith('event: '))
        .map((part) => {
          const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(part) ?? [];
          return [name, JSON.parse(data)] as const;
        });
    await untilTrue(() => events().some(([name]) => name === 'hello'));
    await tokenInfo(await tokenOf('agent'));
    await untilTrue(() => events().filter(([name]) => name === 'request').length === 2);
    const [first, second] = events().filter(([name]) => name === 'request');
    expect(first?.[1]).toMatchObject({ id: 1, status: null, ms: null, as: { key: 'agent' } });
    expect(second?.[1]).toMatchObject({ id: 1, status: 200 });

    await running.call('POST', 'faults', { kind: 'error-500', path: '/apps/v1/instance' });
    await running.call('PATCH', 'variants', { unknownToken: 401 });
    await untilTrue(() => events().some(([name]) => name === 'world'));
    await untilTrue(() => events().some(([name, data]) => name === 'connection' && data.connection.reachable === true));
    expect(events().some(([name, data]) => name === 'faults' && data[0].kind === 'error-500')).toBe(true);
    stop.abort();
    await reading;
  });
});

describe('faults', () => {
  it('are switched on, count their hits, and are switched off', async () => {
    const { json: fault, status } = await running.call('POST', 'faults', {
      kind: 'throttled-with-retry-after',
      path: '/oauth2/token-info',
    });
    expect(status).toBe(201);
    const answer = await tokenInfo('x');
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '5']);
    expect((await running.call('GET', 'faults')).json.faults).toEqual([
      expect.objectContaining({ id: fault.id, hits: 1 }),
    ]);
    expect((await running.call('GET', 'overview')).json.activeFaults).toBe(1);
    expect((await running.call('GET', 'requests')).json.requests).toMatchObject([{ faulty: true, status: 429 }]);
    expect((await running.call('DELETE', `faults/${String(fault.id)}`)).status).toBe(204);
    expect((await tokenInfo('x')).status).toBe(400);
    expect((await running.call('DELETE', `faults/${String(fault.id)}`)).status).toBe(404);
  });

  it.each([
    ['error-500', 500, 'application/json'],
    ['html', 403, 'text/html'],
    ['throttled', 429, 'application/json'],
  ])('of the kind %s answer %i', async (kind, status, type) => {
    await running.call('POST', 'faults', { kind, path: '*', times: 1 });
    const answer = await tokenInfo('x');
    expect([answer.status, answer.headers.get('content-type')?.startsWith(type)]).toEqual([status, true]);
    expect((await running.call('GET', 'overview')).json.activeFaults).toBe(0);
  });

  it('that cut the connection have no status', async () => {
    await running.call('POST', 'faults', { kind: 'reset', path: '/oauth2/*' });
    await expect(tokenInfo('x')).rejects.toThrow('fetch failed');
    await untilTrue(async () => (await running.call('GET', 'requests')).json.requests[0].ms !== null);
    expect((await running.call('GET', 'requests')).json.requests[0]).toMatchObject({ status: null, faulty: true });
  });

  it('list every mistake', async () => {
    const { status, json } = await running.call('POST', 'faults', { kind: 'fire', path: 'oauth', times: 0, more: 1 });
    expect(status).toBe(400);
    for (const place of ['kind', 'path', 'times', 'more']) expect(json.error).toContain(place);
  });
});

describe('variants', () => {
  it('are listed, and can be changed', async () => {
    const { json } = await running.call('GET', 'variants');
    expect(json).toContainEqual(expect.objectContaining({ name: 'requestsPerMinute', value: null, choices: null }));
    const { json: changed } = await running.call('PATCH', 'variants', { unknownToken: 401, requestsPerMinute: 200 });
    expect(changed).toContainEqual(expect.objectContaining({ name: 'unknownToken', value: 401, default: 400 }));
    expect((await tokenInfo('x')).status).toBe(401);
    expect((await running.call('PATCH', 'variants', { unknownToken: 418, weather: 'fine' })).status).toBe(400);
    await running.call('PATCH', 'variants', { requestsPerMinute: null });
    expect((await running.call('GET', 'variants')).json).toContainEqual(
      expect.objectContaining({ name: 'requestsPerMinute', value: null }),
    );
  });
});
