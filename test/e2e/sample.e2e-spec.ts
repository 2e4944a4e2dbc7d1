import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Logger } from '@nestjs/common';

import { emulatedSite } from '../support/sample/emulated-site.js';
import { startSample } from '../support/sample/start-sample.js';
import { freePort } from '../support/free-port.js';
import { platforms } from '../support/running-app.js';

const run = promisify(execFile);

type EmulatedSite = Awaited<ReturnType<typeof emulatedSite>>;
type Sample = Awaited<ReturnType<typeof startSample>>;

describe.each(platforms)('The sample on %s', (platform) => {
  let folder: string;
  let site: EmulatedSite;
  let sample: Sample;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    folder = mkdtempSync(join(tmpdir(), 'sample-'));
    site = await emulatedSite();
    sample = await startSample(site, { platform, port: await freePort(), folder });
  });

  afterAll(async () => {
    await sample.server.close();
    await site.wix.stop();
    rmSync(folder, { recursive: true });
  });

  it('answers every printed command as documented', async () => {
    for (const { who, command, status, says } of sample.lines) {
      const { stdout } = await run('sh', ['-c', `${command} -s`]);
      expect({ who, status: Number(stdout.split(' ')[1]) }).toEqual({ who, status });
      expect(stdout).toContain(says);
    }
  });

  it('lists its routes at GET /, all of which exist', async () => {
    const url = await sample.server.getUrl();
    const answer = await fetch(url);
    expect(answer.status).toBe(200);
    const routes = [...(await answer.text()).matchAll(/(GET|POST) (\/[\w/-]+)/g)];
    expect(routes.length).toBeGreaterThan(5);
    for (const [, method = '', path = ''] of routes) {
      const { status } = await fetch(`${url}${path}`, { method });
      expect({ path, isThere: status !== 404 && status !== 405 }).toEqual({ path, isThere: true });
    }
  });

  it('prints no credential', () => {
    const printed = sample.lines.map(({ command }) => command).join('\n');
    for (const credential of [...Object.values(site.credentials), site.signedInstance]) {
      expect(printed).not.toContain(credential);
    }
  });
});
