import { runCli } from '../../../src/cli/run-cli.js';

async function run(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const context = {
    cwd: process.cwd(),
    print: (line: string) => void out.push(line),
    printError: (line: string) => void err.push(line),
  };
  return { exitCode: await runCli(args, context), out: out.join('\n'), err: err.join('\n') };
}

describe('runCli', () => {
  it('lists the commands', async () => {
    const { exitCode, out } = await run('--help');
    expect(exitCode).toBe(0);
    expect(out).toContain('emulator');
  });

  it.each([[['no-such-command']], [['emulator', '--no-such-option']]])(
    'exits with 2 for %j, saying why',
    async (args) => {
      const { exitCode, err } = await run(...args);
      expect(exitCode).toBe(2);
      expect(err).toContain('no-such-');
    },
  );
});
