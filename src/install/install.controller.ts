import { applyDecorators, Controller, Get, Req, Res, SetMetadata, VERSION_NEUTRAL, type Type } from '@nestjs/common';

import { PUBLIC_ROUTE } from '../core/public-route.js';
import { CustomAuthenticationFlow } from './custom-authentication-flow.js';
import { ExternalFlow } from './external-flow.js';
import { InstallAddresses } from './install-addresses.js';
import { InstallDoor } from './install-door.js';
import type { InstallSettings } from './install.options.js';
import { InstallationDesk } from './installation-desk.js';
import type { PlatformReply, PlatformRequest } from './platform-reply.js';

type Place = Pick<InstallSettings, 'path' | 'decorators'>;

const mounted = ({ path, decorators }: Place): ClassDecorator =>
  applyDecorators(Controller({ path, version: VERSION_NEUTRAL }), SetMetadata(PUBLIC_ROUTE, true), ...decorators);

/** The endpoints of the external install flow: a class of its own for each registration. */
export function externalInstallController(place: Place): Type {
  @mounted(place)
  class WixExternalInstallController {
    constructor(
      private readonly door: InstallDoor,
      private readonly desk: InstallationDesk,
      private readonly flow: ExternalFlow,
      private readonly addresses: InstallAddresses,
    ) {}

    @Get()
    start(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.door.serve(request, response, this.#startUrl(), (visit) => this.desk.start(this.flow, visit));
    }

    @Get('callback')
    finish(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.door.serve(request, response, this.#startUrl(), (visit) => this.desk.finish(this.flow, visit));
    }

    #startUrl(): string {
      return this.addresses.of('');
    }
  }
  return WixExternalInstallController;
}

/** The endpoints of custom authentication: a class of its own for each registration. */
export function customAuthenticationController(place: Place): Type {
  @mounted(place)
  class WixCustomAuthenticationController {
    constructor(
      private readonly door: InstallDoor,
      private readonly desk: InstallationDesk,
      private readonly flow: CustomAuthenticationFlow,
      private readonly addresses: InstallAddresses,
    ) {}

    @Get('app-url')
    start(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.door.serve(request, response, this.#startUrl(), (visit) => this.desk.start(this.flow, visit));
    }

    @Get('redirect')
    finish(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.door.serve(request, response, this.#startUrl(), (visit) => this.desk.finish(this.flow, visit));
    }

    #startUrl(): string {
      return this.addresses.of('app-url');
    }
  }
  return WixCustomAuthenticationController;
}
