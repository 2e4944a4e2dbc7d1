// Shows the dashboard with real data where no Grafana is available: runs the sample under load and through outages,
// lets a Prometheus scrape it, queries every expression of the dashboard and of the alerts, and draws the results.
// Needs `prometheus` and `chromium` (Debian's packages). Fails when an expression has no data.
//
//   node scripts/dashboard-picture.mjs [minutes] [picture]
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import { buildIfStale } from './build-if-stale.mjs';
import { dashboardPage } from './dashboard-page.mjs';
import { root, run } from './run.mjs';

const STEP_S = 5;
const [minutes = 10, picture = join(root, 'docs/public/images/dashboard.png')] = process.argv.slice(2);
const operations = join(root, 'docs/operations');
const { panels } = JSON.parse(readFileSync(join(operations, 'grafana-dashboard.json'), 'utf8'));

buildIfStale('the package', {
  outputs: ['dist/esm'],
  inputs: ['src', 'tsconfig.base.json', 'tsconfig.esm.json', 'package-lock.json'],
  build: () => run('npm', ['run', '--silent', 'build']),
});
buildIfStale('the sample', {
  outputs: ['sample/dist'],
  inputs: ['sample/src', 'sample/tsconfig.json', '.tmp/built/the-package'],
  build: () => run('npx', ['--no-install', 'tsc', '-p', 'sample/tsconfig.json']),
});
const sampleFile = (file) => import(pathToFileURL(join(root, 'sample/dist', file)).href);
const [
  { createApp },
  { AppModule },
  { READ_PRODUCTS },
  { OnWixEvent, RefreshTokenStore },
  { WixEmulator },
  { Logger },
] = await Promise.all([
  sampleFile('create-app.js'),
  sampleFile('app.module.js'),
  sampleFile('scopes.js'),
  import('nestjs-wix-auth'),
  import('nestjs-wix-auth/testing'),
  import('@nestjs/common'),
]);

const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
let work = () => Promise.resolve();
let release = () => undefined;
class Shipping {
  approved() {
    return work();
  }
}
const { approved } = Object.getOwnPropertyDescriptors(Shipping.prototype);
OnWixEvent('wix.ecom.v1.order_approved')(Shipping.prototype, 'approved', approved);
Reflect.defineMetadata('providers', [...Reflect.getMetadata('providers', AppModule), Shipping], AppModule);
Logger.overrideLogger(false);

const wix = await WixEmulator.start();
const app = wix.addApp({ scopes: [READ_PRODUCTS] });
const site = wix.addSite();
const install = wix.install(app, site, { grants: [READ_PRODUCTS] });
const credentials = {
  owner: wix.mint.userToken(install, site.owner),
  visitor: wix.mint.visitorToken(install, site.addVisitor()),
  anotherApp: wix.mint.userToken(wix.install(wix.addApp(), site), site.owner),
  expired: wix.mint.userToken(install, site.owner, { expiresInSeconds: -60 }),
};
const port = await freePort();
Object.assign(process.env, {
  WIX_APP_ID: app.appId,
  WIX_APP_SECRET: app.appSecret,
  WIX_PUBLIC_KEY: app.publicKey,
  WIX_API_URL: wix.url,
  PUBLIC_URL: `http://localhost:${port}`,
  REFRESH_TOKEN_FOLDER: join(folder, 'refresh-tokens'),
});
const server = await createApp('fastify');
await server.listen(port, '127.0.0.1');
const url = await server.getUrl();
/** Ordinary traffic all the time, and one outage after the other. */
async function watch() {
  const troubles = [
    [0.25, 0.4, 'Wix is away', () => wix.fail('/oauth2/token-info', { status: 503 }), () => wix.clearFaults()],
    [0.5, 0.7, 'a handler is stuck', () => stick(), () => release()],
    [0.6, 0.68, 'a store is away', () => breakStore(), () => mendStore()],
    [0.8, 0.85, 'the secret is wrong', () => refuseApp(), () => wix.clearFaults()],
  ];
  const totalMs = Number(minutes) * 60_000;
  const until = Date.now() + totalMs;
  for (let beat = 0; Date.now() < until; beat += 1) {
    const share = 1 - (until - Date.now()) / totalMs;
    for (const trouble of troubles) await enter(trouble, share);
    await Promise.allSettled([traffic(beat), sleep(500)]);
  }
}

async function enter(trouble, share) {
  const [from, to, name, begin, end] = trouble;
  if (trouble.state === undefined && share >= from) {
    trouble.state = 'begun';
    console.log(`${name} …`);
    await begin();
  } else if (trouble.state === 'begun' && share >= to) {
    trouble.state = 'over';
    await end();
  }
}

async function traffic(beat) {
  const get = (path, token) => fetch(`${url}${path}`, { headers: token === undefined ? {} : { authorization: token } });
  const known = [credentials.owner, credentials.visitor, credentials.visitor, credentials.owner, credentials.visitor];
  const answers = known.map((token) => get('/products', token));
  if (beat % 2 === 0) answers.push(get('/products', newcomer()));
  if (beat % 3 === 0) answers.push(get('/products', credentials.anotherApp), get('/products'));
  if (beat % 5 === 0) answers.push(get('/products', credentials.expired));
  if (beat % 8 === 0) await wix.send.domainEvent(install, `${url}/wix/webhooks`, contact(beat), { retries: 0 }).first;
  for (const answer of await Promise.all(answers)) await answer.arrayBuffer();
}

/** The owner of a site that has had the app for a moment. */
function newcomer() {
  const newSite = wix.addSite();
  return wix.mint.userToken(wix.install(app, newSite, { grants: [READ_PRODUCTS] }), newSite.owner);
}

const contact = (beat) => ({
  fqdn: 'wix.contacts.v4.contact',
  slug: 'created',
  id: crypto.randomUUID(),
  entity: { id: String(beat) },
});

async function stick() {
  work = () => new Promise((resolve) => (release = resolve));
  const order = { fqdn: 'wix.ecom.v1.order', slug: 'approved', id: crypto.randomUUID(), entity: { id: 'one' } };
  await wix.send.domainEvent(install, `${url}/wix/webhooks`, order, { retries: 0 }).first.catch(() => undefined);
}

// Its database is mapped into memory: deleting the files would change nothing.
function breakStore() {
  server.get(RefreshTokenStore, { strict: false }).get = () =>
    Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }));
}

function mendStore() {
  delete server.get(RefreshTokenStore, { strict: false }).get;
}

const refuseApp = () => wix.fail('/oauth2/token', { status: 401, body: { error: 'invalid_client' } });

async function startPrometheus(target) {
  const listen = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'prometheus.yml');
  writeFileSync(
    config,
    JSON.stringify({
      global: { scrape_interval: `${STEP_S}s`, evaluation_interval: `${STEP_S}s` },
      rule_files: [join(operations, 'prometheus-alerts.yml')],
      scrape_configs: [{ job_name: 'sample', static_configs: [{ targets: [target] }] }],
    }),
  );
  const options = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/tsdb`, `--web.listen-address=${listen}`];
  const child = spawn('prometheus', options, { stdio: 'ignore' });
  const api = `http://${listen}/api/v1`;
  while (
    !(await fetch(`http://${listen}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  )
    await sleep(200);
  return { process: child, api };
}

/** The values of an expression during this run: one list of points for each series. */
async function series(expr) {
  const query = new URLSearchParams({ query: expr, start: startedS, end: Date.now() / 1_000, step: STEP_S });
  const { status, data, error } = await (await fetch(`${prometheus.api}/query_range?${query}`)).json();
  if (status !== 'success') throw new Error(`${expr}: ${error}`);
  return data.result
    .map(({ metric, values }) => ({ labels: metric, points: values.map(([at, value]) => [at, Number(value)]) }))
    .map(({ labels, points }) => ({ labels, points: points.filter(([, value]) => Number.isFinite(value)) }))
    .filter(({ points }) => points.length > 0);
}

async function draw() {
  const empty = [];
  const drawn = [];
  for (const panel of panels) {
    const lines = [];
    for (const { expr, legendFormat } of panel.targets) {
      const found = await series(expr);
      if (found.length === 0) empty.push(`${panel.title}: ${expr}`);
      lines.push(...found.map(({ labels, points }) => ({ name: legend(legendFormat, labels), points })));
      console.log(`${panel.title}: ${found.length} series`);
    }
    drawn.push({ ...panel, lines });
  }
  await tellAlerts();
  const page = join(folder, 'dashboard.html');
  writeFileSync(page, dashboardPage(drawn, { fromS: startedS, toS: Date.now() / 1_000 }));
  const size = `--window-size=1280,${90 + Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * 30}`;
  const options = ['--headless', '--no-sandbox', '--hide-scrollbars', '--disable-gpu', size, `--screenshot=${picture}`];
  execFileSync('chromium', [...options, pathToFileURL(page).href], { stdio: 'ignore' });
  if (empty.length > 0) throw new Error(`Without data:\n${empty.join('\n')}`);
  console.log(picture);
}

/** Which alerts would have been pending or firing at all. */
async function tellAlerts() {
  const { data } = await (await fetch(`${prometheus.api}/rules`)).json();
  for (const { name, query, health, lastError } of data.groups.flatMap(({ rules }) => rules)) {
    if (health !== 'ok') throw new Error(`${name}: ${lastError}`);
    const found = await series(query);
    console.log(`${name}: ${found.length === 0 ? 'never' : 'its condition came about'}`);
  }
}

const legend = (format, labels) => format.replace(/\{\{(\w+)\}\}/g, (_all, name) => labels[name] ?? '');

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

const prometheus = await startPrometheus(new URL(url).host);
const startedS = Date.now() / 1_000;
try {
  await watch();
  await draw();
} finally {
  prometheus.process.kill();
  await once(prometheus.process, 'exit');
  await server.close();
  await wix.stop();
  rmSync(folder, { recursive: true, force: true });
}
