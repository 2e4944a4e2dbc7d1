const KEY = 'emulator-key';

/** The key of this run: from the address's fragment, which no server sees, and then from this tab's session. */
export function takeRunKey(): string | null {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (key === null) return sessionStorage.getItem(KEY);
  saveRunKey(key);
  history.replaceState(null, '', location.pathname + location.search);
  return key;
}

/** Stores a key for this tab. */
export const saveRunKey = (key: string): void => {
  sessionStorage.setItem(KEY, key);
};
