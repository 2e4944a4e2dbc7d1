import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import { transformSync } from '@swc/core';

const ROOT = process.cwd();

/** Compiles the sources and these files or folders into a directory, so that plain Node can run them as a process. */
export function compileInto(directory: string, paths: readonly string[]): void {
  symlinkSync(join(ROOT, 'node_modules'), join(directory, 'node_modules'));
  const exports = { '.': './src/index.js', './*': './src/*/index.js' };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'nestjs-wix-auth', type: 'module', exports }));
  for (const file of ['src', ...paths].flatMap(filesIn)) compile(file, join(directory, file.replace(/\.ts$/, '.js')));
}

function filesIn(path: string): readonly string[] {
  if (path.endsWith('.ts')) return [path];
  return readdirSync(join(ROOT, path), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));
}

function compile(source: string, target: string): void {
  const { code } = transformSync(readFileSync(join(ROOT, source), 'utf8'), {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
      keepClassNames: true,
    },
    module: { type: 'es6' },
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, code);
}

/** Starts a process, and waits for the first thing it says. Fails when it ends before. */
export async function startProcess(main: string, setup: object): Promise<ChildProcess> {
  const child = fork(main, [JSON.stringify(setup)], { execArgv: [], stdio: 'inherit' });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The process ended with code ${String(code)} before it was ready.`);
  });
  await Promise.race([once(child, 'message'), ended]);
  return child;
}

/** Ends a process as a crash would. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}
