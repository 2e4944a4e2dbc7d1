import { applyDecorators, Controller, Get, Req, Res, SetMetadata, VERSION_NEUTRAL, type Type } from '@nestjs/common';

import { PUBLIC_ROUTE } from '../core/marks.js';
import { CustomAuthenticationFlow } from './flows/custom-authentication-flow.js';
import { ExternalFlow } from './flows/external-flow.js';
import { InstallAddresses } from './flows/install-addresses.js';
import { InstallHttpHandler } from './http/install-http.handler.js';
import type { InstallSettings } from './install.options.js';
import { InstallFlowRunner } from './flows/install-flow-runner.js';
import type { PlatformReply, PlatformRequest } from './http/platform-reply.js';

type Place = Pick<InstallSettings, 'path' | 'decorators'>;

const mounted = ({ path, decorators }: Place): ClassDecorator =>
  applyDecorators(Controller({ path, version: VERSION_NEUTRAL }), SetMetadata(PUBLIC_ROUTE, true), ...decorators);

/** The endpoints of the external install flow: a class of its own for each registration. */
export function externalInstallController(place: Place): Type {
  @mounted(place)
  class WixExternalInstallController {
    constructor(
      private readonly httpHandler: InstallHttpHandler,
      private readonly flowRunner: InstallFlowRunner,
      private readonly flow: ExternalFlow,
      private readonly addresses: InstallAddresses,
    ) {}

    @Get()
    start(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.httpHandler.serve(request, response, this.#startUrl(), (arrival) =>
        this.flowRunner.start(this.flow, arrival),
      );
    }

    @Get('callback')
    finish(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.httpHandler.serve(request, response, this.#startUrl(), (arrival) =>
        this.flowRunner.finish(this.flow, arrival),
      );
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
      private readonly httpHandler: InstallHttpHandler,
      private readonly flowRunner: InstallFlowRunner,
      private readonly flow: CustomAuthenticationFlow,
      private readonly addresses: InstallAddresses,
    ) {}

    @Get('app-url')
    start(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.httpHandler.serve(request, response, this.#startUrl(), (arrival) =>
        this.flowRunner.start(this.flow, arrival),
      );
    }

    @Get('redirect')
    finish(@Req() request: PlatformRequest, @Res() response: PlatformReply): Promise<void> {
      return this.httpHandler.serve(request, response, this.#startUrl(), (arrival) =>
        this.flowRunner.finish(this.flow, arrival),
      );
    }

    #startUrl(): string {
      return this.addresses.of('app-url');
    }
  }
  return WixCustomAuthenticationController;
}
