import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileInto } from '../support/compiled.js';
import { freePort } from '../support/free-port.js';
import { runningConsole, type RunningConsole } from '../support/running-console.js';
import { untilTrue } from '../support/until-true.js';

const APP = 'test/readme/snippets/without-nestjs';

describe("an Express app with Wix's SDK, without NestJS", () => {
  let build: string;
  let running: RunningConsole;
  let app: ChildProcess;

  beforeAll(async () => {
    build = mkdtempSync(join(tmpdir(), 'without-nestjs-'));
    compileInto(build, [`${APP}.ts`]);
    const port = String(await freePort());
    running = await runningConsole({ appUrl: `http://127.0.0.1:${port}` });
    const env = Object.fromEntries(running.program.env.map(({ name, value }) => [name, value]));
    app = spawn(process.execPath, [join(build, `${APP}.js`)], {
      env: { ...process.env, ...env, PORT: port },
      stdio: 'inherit',
    });
    await untilTrue(async () => (await running.call('GET', 'overview')).json.apps[0].connection.reachable === true);
  });

  afterAll(async () => {
    const gone = once(app, 'exit');
    app.kill();
    await gone;
    await running.stop();
    rmSync(build, { recursive: true });
  });

  const instanceId = () => running.program.scenario.install().instanceId;
  const call = async (as: string) =>
    (await running.call('POST', 'try', { instanceId: instanceId(), as, method: 'GET', path: '/instance' })).json as {
      readonly status: number;
      readonly body: string;
    };

  it.each([
    ['manager', 'USER'],
    ['visitor', 'VISITOR'],
  ])('learns from the emulator who the %s is, and acts as the app', async (as, subjectType) => {
    const { status, body } = await call(as);
    expect({ status, body: JSON.parse(body) }).toEqual({
      status: 200,
      body: { subjectType, instanceId: instanceId() },
    });
    const { json } = await running.call('GET', 'requests');
    expect(json.requests).toContainEqual(expect.objectContaining({ path: '/apps/v1/instance', status: 200 }));
  });

  it('refuses callers without a good token', async () => {
    await running.call('PATCH', 'variants', { unknownToken: 'inactive' });
    const answer = await fetch(`${running.program.app.url}/instance`, { headers: { authorization: 'garbage' } });
    expect(answer.status).toBe(401);
  });
});
