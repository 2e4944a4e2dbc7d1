/**
 * The tree is the architecture: which room may import which. A room sees the rooms listed for it and nothing else of
 * the library; what two rooms of one level need moves down, never sideways.
 */
const ground = ['core', 'wiring', 'diagnostics'];
const floor = [...ground, 'http', 'store'];
const middle = [...floor, 'tokens', 'identity'];
const upper = [...middle, 'grants', 'nest'];

const visibleFrom = {
  core: [],
  wiring: ['core'],
  nest: ground,
  diagnostics: ['core', 'wiring'],
  http: ground,
  store: ground,
  redis: floor,
  tokens: floor,
  identity: floor,
  grants: middle,
  access: upper,
  client: upper,
  'signed-requests': [...upper, 'access'],
  webhooks: [...upper, 'access', 'signed-requests'],
  install: [...upper, 'redis'],
  sdk: [...upper, 'client'],
  opentelemetry: ground,
  terminus: ground,
  bullmq: [...ground, 'store'],
  manifest: [...upper, 'access', 'signed-requests', 'webhooks'],
  options: [...upper, 'access', 'webhooks', 'install'],
  openapi: [...upper, 'access', 'signed-requests', 'webhooks', 'manifest', 'options', 'install', 'redis'],
  cli: [...upper, 'access', 'signed-requests', 'webhooks', 'manifest', 'testing/emulator'],
};

/** The rooms inside a room: which of their neighbors each may import. The files beside them join them together. */
const visibleInside = {
  core: { values: [], identities: [], concurrency: ['values'] },
  http: { limits: [] },
  identity: { caches: [], introspection: ['caches'] },
  grants: { scopes: [], instances: [], plans: ['instances'], users: ['scopes'] },
  client: { answers: [], sending: ['answers'] },
  'signed-requests': { bodies: [], 'service-plugins': ['bodies'] },
  access: {
    audit: [],
    policy: [],
    responses: [],
    credentials: ['policy', 'responses'],
    connections: ['responses', 'credentials'],
    guards: ['audit', 'policy', 'responses', 'credentials'],
    decorators: ['policy', 'guards'],
    routes: ['policy', 'guards'],
  },
  webhooks: { ledger: [], envelopes: [], events: ['ledger', 'envelopes'], queue: ['ledger', 'events'] },
  cli: { commands: [] },
  install: {
    state: [],
    http: ['state'],
    'refresh-tokens': [],
    flows: ['state', 'http', 'refresh-tokens'],
  },
};

const only = (paths) => `^src/(${paths.join('|')})`;

const roomRules = Object.entries(visibleFrom).map(([room, visible]) => ({
  name: `${room}-imports-downward-only`,
  comment: `${room} may import ${visible.length === 0 ? 'nothing of the library' : visible.join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...visible].join('|')})/` },
}));

const innerRoomRules = Object.entries(visibleInside).flatMap(([room, rooms]) =>
  Object.entries(rooms).map(([inner, visible]) => ({
    name: `${room}-${inner}-imports-downward-only`,
    comment: `In ${room}, ${inner} may import ${visible.length === 0 ? 'no neighbor' : visible.join(', ')}.`,
    severity: 'error',
    from: { path: `^src/${room}/${inner}/` },
    to: { path: `^src/${room}/[^/]+/`, pathNot: `^src/${room}/(${[inner, ...visible].join('|')})/` },
  })),
);

const innerRooms = Object.entries(visibleInside).flatMap(([room, rooms]) =>
  Object.keys(rooms).map((inner) => `${room}/${inner}`),
);

/** Packages that one place wraps, so that the rest can be tested and replaced without them. */
const packageRules = [
  { packages: ['axios', '@nestjs/axios'], allowed: ['http/', 'client/', 'options/', 'wix-auth\\.'] },
  {
    packages: ['@nestjs/cache-manager', 'cache-manager', 'keyv'],
    allowed: ['store/', 'redis/redis\\.providers', 'options/', 'wix-auth\\.'],
  },
  { packages: ['@wix/sdk'], allowed: ['sdk/'] },
  { packages: ['@opentelemetry/api'], allowed: ['opentelemetry/'] },
  { packages: ['@nestjs/terminus'], allowed: ['terminus/'] },
  { packages: ['@nestjs/bullmq', 'bullmq', 'ioredis'], allowed: ['bullmq/'] },
].map(({ packages, allowed }) => ({
  name: `${packages[0]}-in-its-place`,
  comment: `Only ${allowed.join(', ')} may import ${packages.join(', ')}.`,
  severity: 'error',
  from: { path: '^src/', pathNot: only(allowed) },
  to: { path: `node_modules/(${packages.join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...roomRules,
    ...innerRoomRules,
    ...packageRules,
    {
      name: 'every-file-has-a-room',
      comment: 'A new folder under src/ needs a line in this table.',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: only([...Object.keys(visibleFrom), 'testing'].map((room) => `${room}/`)) },
    },
    {
      name: 'every-inner-folder-has-a-room',
      comment: 'A new folder inside a room needs a line in the second table.',
      severity: 'error',
      from: {},
      to: {
        path: '^src/[^/]+/[^/]+/',
        pathNot: only(['testing/', ...innerRooms.map((room) => `${room}/`)]),
      },
    },
    {
      name: 'core-knows-no-framework',
      comment: 'core is plain TypeScript: Node built-ins, itself, and a cache that is no more than a Map.',
      severity: 'error',
      from: { path: '^src/core/' },
      to: { dependencyTypesNot: ['core', 'local'], pathNot: 'node_modules/lru-cache/' },
    },
    {
      name: 'nest-internals-in-one-file',
      comment: 'Metadata keys of Nest are read in nest/nest-metadata.ts only.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/nest/nest-metadata\\.ts$' },
      to: { path: 'node_modules/@nestjs/common/constants' },
    },
    {
      name: 'validator-is-loaded-late',
      comment: 'Rules of options are imported when options are checked, not when the package is.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/options/[\\w-]*(rules|rule-decorators|check)[\\w-]*' },
      to: {
        path: '^src/options/[\\w-]*(rules|rule-decorators|check)[\\w-]*|node_modules/class-validator/',
        dynamic: false,
      },
    },
    {
      name: 'testing-uses-what-users-use',
      comment: 'The testing entry stands on the public surface, on core, and on what is known of the methods of Wix.',
      severity: 'error',
      from: { path: '^src/testing/' },
      to: { path: '^src/', pathNot: '^src/(testing/|core/|client/answers/known-method\\.ts$|(sdk/)?index\\.ts$)' },
    },
    {
      name: 'emulator-shares-no-code',
      comment: 'The emulator writes the wire by its own hand, or both could be wrong together.',
      severity: 'error',
      from: { path: '^src/testing/emulator/' },
      to: { path: '^src/', pathNot: '^src/testing/emulator/' },
    },
    {
      name: 'nothing-imports-testing',
      comment: 'What ships in the main entry never reaches for test code. The program starts the emulator.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(testing|cli)/' },
      to: { path: '^(src/testing|test|sample|bench)/' },
    },
    {
      name: 'testing-imports-no-tests',
      severity: 'error',
      from: { path: '^src/testing/' },
      to: { path: '^(test|sample|bench)/' },
    },
    {
      name: 'sample-imports-what-users-can-import',
      comment: 'The sample imports nestjs-wix-auth by its name, never a file of it.',
      severity: 'error',
      from: { path: '^sample/' },
      to: { path: '^(src|test|bench)/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'console-knows-the-api-alone',
      comment: 'The pages run in a browser and know the program by its JSON.',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(src|test|sample|bench)/', pathNot: '^src/testing/emulator/console/console-api\\.ts$' },
    },
    {
      name: 'no-dev-dependency-in-the-library',
      comment: 'What src/ imports must be there for users: a dependency or a peer.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'],
      },
    },
    {
      name: 'no-cycles',
      comment: 'Imports of types count too: what names each other belongs into one file, or one of it lower.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file nobody imports and that imports nothing is forgotten.',
      severity: 'error',
      from: { orphan: true, path: '^src/' },
      to: {},
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(test/package/consumers|dist|sample/dist|bench/dist)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.d.ts'],
    },
  },
};
