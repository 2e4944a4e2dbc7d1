// Jest, Vitest and node:test tell the processes they start.
const TEST_RUNNERS = ['JEST_WORKER_ID', 'VITEST', 'NODE_TEST_CONTEXT'];

/** Whether this process runs tests. */
export const isTestRun = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  TEST_RUNNERS.some((name) => environment[name] !== undefined);
