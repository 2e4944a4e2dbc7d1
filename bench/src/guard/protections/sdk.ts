import type { IncomingMessage } from 'node:http';

import { UseGuards, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AppStrategy, createClient } from '@wix/sdk';

import { pointSdkAt } from '../../emulator/sdk-at-the-emulator.js';
import type { GuardSettings } from '../guard-settings.js';
import type { Protection } from '../protection.js';

// A client per request, which introspects its own token, as the documentation of Wix has it for self-hosted backends.
const guardFor = ({ appId, appSecret }: GuardSettings) =>
  class SdkGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      const accessToken = context.switchToHttp().getRequest<IncomingMessage>().headers.authorization ?? '';
      const client = createClient({ auth: AppStrategy({ appId, appSecret, accessToken }), modules: {} });
      const { active, clientId, subjectType } = await client.auth.getTokenInfo();
      return active && clientId === appId && subjectType === 'USER';
    }
  };

export function protection(settings: GuardSettings): Protection {
  pointSdkAt(settings.apiUrl);
  return { guards: [UseGuards(guardFor(settings))], metadata: {} };
}
