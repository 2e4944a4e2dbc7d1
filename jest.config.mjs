/** Unit and e2e alike run against the sources, never against the build. */
const library = {
  displayName: 'library',
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  // What takes minutes is for .ci/nightly.
  testRegex: process.env['NIGHTLY'] === undefined ? '\\.(spec|e2e-spec)\\.ts$' : '\\.nightly-spec\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^nestjs-wix-auth$': '<rootDir>/src/index.ts',
    '^nestjs-wix-auth/([a-z]+)$': '<rootDir>/src/$1/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/test/package/consumers/'],
  transformIgnorePatterns: ['/node_modules/'],
};

export default {
  projects: [library, '<rootDir>/sample/jest.config.mjs'],
  // One per core: these tests wait for servers and child processes more than they compute.
  maxWorkers: '100%',
  // Modules of test files stay in memory until their process ends: one process for all would run out of it.
  workerIdleMemoryLimit: '1GB',
  // For what hangs. No test counts on it: a busy machine may take ten times as long as an idle one.
  testTimeout: 60_000,
};
