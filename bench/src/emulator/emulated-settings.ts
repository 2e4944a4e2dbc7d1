/** What an app needs to know to take the emulator for Wix. */
export interface EmulatedSettings {
  readonly appId: string;
  readonly appSecret: string;
  readonly publicKey: string;
  readonly apiUrl: string;
}
