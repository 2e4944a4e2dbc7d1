import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Logger } from '@nestjs/common';

import { emulatedSite } from '../../sample/src/emulated-site.js';
import { startSample } from '../../sample/src/start-sample.js';
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

  it('answers every printed line as announced', async () => {
    for (const { who, command, status, says } of sample.lines) {
      const { stdout } = await run('sh', ['-c', `${command} -s`]);
      expect({ who, status: Number(stdout.split(' ')[1]) }).toEqual({ who, status });
      expect(stdout).toContain(says);
    }
  });

  it('prints no credential', () => {
    const printed = sample.lines.map(({ command }) => command).join('\n');
    for (const credential of [...Object.values(site.credentials), site.signedInstance]) {
      expect(printed).not.toContain(credential);
    }
  });
});
