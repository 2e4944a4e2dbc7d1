/** Whether a text is an https URL without credentials, query or fragment; http is accepted for loopback addresses. */
export function isWebUrl(text: unknown): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  if (username !== '' || password !== '' || search !== '' || hash !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

/** Whether a text is such a URL and nothing but its origin. */
export const isWebOrigin = (text: unknown): boolean => isWebUrl(text) && new URL(text).origin === text;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
