/** The sample's own tests, as an application has them. */
export default {
  displayName: 'sample',
  testEnvironment: 'node',
  rootDir: '..',
  roots: ['<rootDir>/sample/test'],
  testRegex: '\\.e2e-spec\\.ts$',
  extensionsToTreatAsEsm: ['.ts'],
  // An application imports the installed package; this repository its own sources.
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
  transformIgnorePatterns: ['/node_modules/'],
};
