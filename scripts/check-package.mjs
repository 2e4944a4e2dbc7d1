// publint and are-the-types-wrong on the tarball npm would publish: every entry, from ESM, CommonJS and old resolvers.
import { pack } from './pack.mjs';
import { run } from './run.mjs';

const tarball = pack();
run('npx', ['--no-install', 'publint', 'run', tarball, '--strict']);
run('npx', ['--no-install', 'attw', tarball, '--profile', 'strict', '--no-emoji', '--format', 'table-flipped']);
