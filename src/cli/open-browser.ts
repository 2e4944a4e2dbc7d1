import { spawn } from 'node:child_process';

/** Opens an address in the browser, if this machine has one. */
export function openBrowser(url: string): void {
  const [command = '', ...args] = commandFor(process.platform);
  const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

function commandFor(platform: NodeJS.Platform): readonly string[] {
  switch (platform) {
    case 'darwin':
      return ['open'];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler'];
    default:
      return ['xdg-open'];
  }
}
