import type { AxiosDefaults } from 'axios';

// Axios's own defaults, and what is set here for each instance or request.
const OURS: ReadonlySet<string> = new Set([
  'adapter',
  'baseURL',
  'env',
  'headers',
  'maxContentLength',
  'timeout',
  'transformRequest',
  'transformResponse',
  'transitional',
  'validateStatus',
]);

/**
 * Takes out of an instance's defaults what the application set in `axios.defaults` for requests of its own: its headers
 * may hold credentials that are not Wix's to see, its proxy would see Wix's, and other settings would change answers.
 */
export function dropForeignDefaults(defaults: Omit<AxiosDefaults, 'headers'> & { headers: unknown }): void {
  for (const name of Object.keys(defaults)) {
    if (!OURS.has(name)) Reflect.deleteProperty(defaults, name);
  }
  defaults.headers = { common: { Accept: 'application/json, text/plain, */*' } };
}
