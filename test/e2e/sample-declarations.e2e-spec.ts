import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';
import { validate } from '@readme/openapi-parser';
import { accessMatrix } from 'nestjs-wix-auth/testing';

import { emulatedSite } from '../support/sample/emulated-site.js';
import { startSample } from '../support/sample/start-sample.js';
import { changedOperations } from '../support/changed-operations.js';
import { committedText } from '../support/committed.js';
import { freePort } from '../support/free-port.js';
import { call, platforms } from '../support/running-app.js';

type EmulatedSite = Awaited<ReturnType<typeof emulatedSite>>;
type Sample = Awaited<ReturnType<typeof startSample>>;

interface Refusals {
  readonly content: { readonly 'application/json': { readonly examples: Record<string, { readonly value: object }> } };
}
interface SampleDocument {
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, Refusals> }>>;
}

describe.each(platforms)('What the sample declares, on %s', (platform) => {
  let folder: string;
  let site: EmulatedSite;
  let sample: Sample;
  let url: string;
  let document: SampleDocument;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    folder = mkdtempSync(join(tmpdir(), 'sample-'));
    site = await emulatedSite();
    sample = await startSample(site, { platform, port: await freePort(), folder });
    url = await sample.server.getUrl();
    document = (await call(`${url}/openapi.json`)).body as SampleDocument;
  });

  afterAll(async () => {
    await sample.server.close();
    await site.wix.stop();
    rmSync(folder, { recursive: true });
  });

  it('has the matrix of callers that was reviewed, and keeps to it', async () => {
    const matrix = accessMatrix(sample.server, { wix: site.wix, install: site.install, document });
    expect(changedLines(committedText('sample/access-matrix.md', matrix.table), matrix.table)).toEqual([]);
    const results = await Promise.allSettled(matrix.cases.map(({ run }) => run()));
    const failures = results.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(failures).toEqual([]);
  });

  it('has the OpenAPI document that was reviewed', () => {
    const text = `${JSON.stringify(document, null, 2)}\n`;
    const committed = JSON.parse(committedText('sample/openapi.json', text)) as object;
    expect(changedOperations(committed, document)).toEqual([]);
  });

  it('has a valid OpenAPI document', async () => {
    const parsed = structuredClone(document) as unknown as Parameters<typeof validate>[0];
    expect(await validate(parsed)).toMatchObject({ valid: true });
  });

  it('shows refusals as they are answered', async () => {
    const { credentials } = site;
    const create = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Tulips","price":9}',
    };
    const answers = await Promise.all([
      call(`${url}/products`, undefined, create),
      call(`${url}/products`, 'nonsense', create),
      call(`${url}/products`, credentials.expired, create),
      call(`${url}/products`, credentials['another-app'], create),
      call(`${url}/products`, credentials.visitor, create),
      call(`${url}/products`, credentials.agent, create),
    ]);
    const responses = document.paths['/products']?.['post']?.responses ?? {};
    for (const { status, body } of answers) {
      const { code } = body as { code: string };
      const example = responses[String(status)]?.content['application/json'].examples[code]?.value;
      expect([code, Object.keys(example ?? {}).sort()]).toEqual([code, Object.keys(body as object).sort()]);
      expect(example).toMatchObject({ statusCode: status, code });
    }
    expect(new Set(answers.map(({ body }) => (body as { code: string }).code)).size).toBe(6);
  });
});

/** The lines that are not in both texts: those that are gone, then those that are new. */
function changedLines(committed: string, actual: string): readonly string[] {
  const [before, after] = [committed.split('\n'), actual.split('\n')];
  const gone = before.filter((line) => !after.includes(line)).map((line) => `- ${line}`);
  return [...gone, ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`)];
}
