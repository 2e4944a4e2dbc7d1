import { parseArgs } from 'node:util';

import { clientSection } from './client/client.section.js';
import type { EmulatorOffer } from './emulator/emulator.process.js';
import { floodSection } from './flood/flood.section.js';
import { guardSection } from './guard/guard.section.js';
import { instanceSection } from './instance/instance.section.js';
import { memorySection } from './memory/memory.section.js';
import { separateCores } from './process/cores.js';
import { Worker } from './process/worker.js';
import { redisSection } from './redis/redis.section.js';
import { machine } from './report/machine.js';
import type { Section } from './section.js';
import { tokensSection } from './tokens/tokens.section.js';
import { webhooksSection } from './webhooks/webhooks.section.js';
import { weightSection } from './weight/weight.section.js';

const sections: Record<string, { readonly title: string; readonly run: Section }> = {
  guard: { title: 'The same app behind different guards', run: guardSection },
  tokens: { title: 'Tokens of the app', run: tokensSection },
  memory: { title: 'Memory', run: memorySection },
  client: { title: 'Calls of Wix', run: clientSection },
  instance: { title: 'Signed instances', run: instanceSection },
  webhooks: { title: 'Webhooks', run: webhooksSection },
  redis: { title: 'Several processes', run: redisSection },
  flood: { title: 'In a flood of invented tokens', run: floodSection },
  weight: { title: 'Weight', run: weightSection },
};

// `npm run bench -- guard tokens --starts=5`: which sections, and how often everything is started afresh.
// `npm run bench -- weight --before=.tmp/before`: side by side with an older build, in a folder with its package.json.
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { starts: { type: 'string', default: '9' }, before: { type: 'string' } },
});
const unknown = positionals.filter((name) => sections[name] === undefined);
if (unknown.length > 0)
  throw new Error(`No section ${unknown.join(', ')}; there are ${Object.keys(sections).join(', ')}.`);

const cores = separateCores();
console.log(machine(cores));

const wix = new Worker<EmulatorOffer>(new URL('emulator/emulator.process.js', import.meta.url), cores.other);
for (const [name, { title, run }] of Object.entries(sections)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  console.log(`\n## ${title}\n`);
  console.log(await run({ cores, wix, starts: Number(values.starts), before: values.before }));
}
await wix.stop();
