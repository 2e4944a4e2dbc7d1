import assert from 'node:assert/strict';

import { startGuardedApp } from './guarded-app.js';

const { url, token, ownerId, stop } = await startGuardedApp();

const listed = await fetch(url, { headers: { authorization: token } });
assert.equal(listed.status, 200);
assert.deepEqual(await listed.json(), { userId: ownerId, appToken: '[redacted]' });

const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
const created = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ name: 'Chair' }) });
assert.equal(created.status, 403);
assert.equal(((await created.json()) as { code: string }).code, 'WIX_SCOPE_MISSING');

assert.equal((await fetch(url)).status, 401);

await stop();
console.log('NestJS 12, ESM: guarded requests answered 200, 403 and 401');
