// What mutation testing is like in every room; scripts/mutate.mjs adds the room.
import jestConfig from './jest.config.mjs';

const [library] = jestConfig.projects;

export default {
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  // Not the projects: the sample's tests are of no room.
  jest: { config: { ...library, projects: [], testTimeout: 60_000 } },
  coverageAnalysis: 'perTest',
  // A mutant that waits forever has been found.
  timeoutMS: 10_000,
  concurrency: 1,
  ignorePatterns: [
    '.tmp',
    'bench',
    'console',
    'coverage',
    'dist',
    'docs',
    'sample',
    'test/e2e',
    'test/package',
    'test/readme',
  ],
  tempDirName: '.tmp/stryker',
  reporters: ['clear-text', 'progress-append-only', 'html', 'json'],
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 95, low: 85, break: null },
};
