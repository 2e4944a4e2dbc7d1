/** The script that a dashboard page of the app loads in place of Wix's dashboard SDK. */
export const dashboardSdk = `// A stand-in for the dashboard SDK of Wix. It asks the emulator's console, which shows this page, for tokens.
const { port } = new URL(import.meta.url);
const consoles = ['127.0.0.1', 'localhost'].map((host) => 'http://' + host + ':' + port);
const above = () => consoles.filter((origin) => (location.ancestorOrigins ?? consoles)[0] === origin);
let current;

function requestToken() {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const finish = (settle, value) => {
      clearTimeout(timer);
      removeEventListener('message', receive);
      settle(value);
    };
    const receive = ({ source, origin, data }) => {
      if (source !== parent || !consoles.includes(origin) || data?.id !== id) return;
      if (data.type === 'wix-emulator:token') finish(resolve, data);
      if (data.type === 'wix-emulator:token-error') finish(reject, new Error(data.message));
    };
    const timer = setTimeout(
      () => finish(reject, new Error('The console of the Wix emulator did not answer. Open this page in its Dashboard.')),
      5000,
    );
    addEventListener('message', receive);
    const origins = location.ancestorOrigins ? above() : consoles;
    for (const origin of origins) parent.postMessage({ type: 'wix-emulator:token-request', id }, origin);
  });
}

/** Does what fetch does, with the token of the person who opened the page in Authorization. */
export async function fetchWithAuth(resource, init = {}) {
  if (!current || current.expiresAt < Date.now() + 60000) current = await requestToken();
  const headers = new Headers(init.headers ?? (resource instanceof Request ? resource.headers : undefined));
  headers.set('authorization', current.token);
  return fetch(resource, { ...init, headers });
}
`;
