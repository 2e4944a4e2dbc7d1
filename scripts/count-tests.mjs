// Prints `N passed, N failed` from Jest's results; exits with 1 when a test was skipped, or none ran.
import { existsSync, readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
const results = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {};
const passed = results.numPassedTests ?? 0;
// A file that could not even be loaded has no failed test of its own.
const failed = (results.numFailedTests ?? 0) + (results.numRuntimeErrorTestSuites ?? 0);
const skipped = (results.numPendingTests ?? 0) + (results.numTodoTests ?? 0);

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = passed === 0 || skipped > 0 ? 1 : 0;
