import type { AppCredentials } from '../../core/app-credentials.js';

/** The app that is installed and the Wix it is installed at. */
export interface InstallPlatform {
  readonly app: AppCredentials;
  /** Where Wix's APIs are, without a slash at its end. */
  readonly apiUrl: string;
  /** Where browsers reach this application, without a slash at its end. */
  readonly publicUrl: string;
}

const WIX = { apiUrl: 'https://www.wixapis.com', pages: 'https://www.wix.com' };

/** Where Wix's pages are: beside its APIs for an emulator, at a host of their own in reality. */
export const pagesBeside = (apiUrl: string): string => (apiUrl === WIX.apiUrl ? WIX.pages : apiUrl);
