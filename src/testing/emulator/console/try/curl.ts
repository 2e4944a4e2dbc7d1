import type { TryRequest } from '../console-api.js';

/** A line for a POSIX shell. The credential is in the header file, not in the line. */
export function curlCommand(url: URL, { method, headers = {}, body }: TryRequest, headerFile: string | null): string {
  return [
    'curl -i',
    ...(method.toUpperCase() === 'GET' ? [] : [`-X ${method.toUpperCase()}`]),
    ...(headerFile === null ? [] : [`-H ${quoted(`@${headerFile}`)}`]),
    ...Object.entries(headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
    quoted(url.href),
  ].join(' ');
}

const quoted = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
