import { Controller, Get, type ExecutionContext, type INestApplication, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { ClientProxyFactory, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import {
  CredentialSource,
  RequireScopes,
  WixAuthGuard,
  WixIdentity,
  WixPublic,
  WixUserAuth,
  type WixAuthExtras,
} from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp } from 'nestjs-wix-auth/testing';
import { firstValueFrom } from 'rxjs';

import { errorOf } from '../support/code-of.js';
import { READ_PRODUCTS, siteWith } from '../support/emulated-site.js';
import { freePort } from '../support/free-port.js';

@Controller()
class Bare {
  @MessagePattern('ping')
  ping() {
    return 'answered';
  }
}

@Controller()
class RouteAndMessage {
  @Get('ping')
  @MessagePattern('ping')
  ping() {
    return 'answered';
  }
}

@Controller()
class Scoped {
  @MessagePattern('ping')
  @RequireScopes(READ_PRODUCTS)
  ping() {
    return 'answered';
  }
}

@Controller()
class Guarded {
  @Get('ping')
  @MessagePattern('ping')
  @WixUserAuth()
  ping(@Payload() _message: object, @WixIdentity('type') type: string) {
    return type;
  }
}

@Controller()
class Open {
  @Get('ping')
  @MessagePattern('ping')
  @WixPublic()
  ping() {
    return 'answered';
  }
}

/** Reads the credential of a message from its data. */
class MessageCredentialSource extends CredentialSource {
  override presented(context: ExecutionContext): string | undefined {
    return context.switchToRpc().getData<{ token?: string }>().token;
  }
}

describe('An application that listens for HTTP requests and for messages (without inheritAppConfig)', () => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let port: number;
  let nest: INestApplication | undefined;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
  });
  beforeEach(async () => {
    port = await freePort();
    nest = undefined;
  });
  afterEach(() => nest?.close());
  afterAll(() => wix.stop());

  /** As Nest's manual starts hybrid applications: messages first, and `listen()` is still to come. */
  const listen = async (controller: Type, extras: Partial<WixAuthExtras>, appGuards: readonly Type[] = []) => {
    const module = await Test.createTestingModule({
      imports: [WixAuthTestingModule.forApp(wix, app, extras)],
      controllers: [controller],
      providers: appGuards.map((useClass) => ({ provide: APP_GUARD, useClass })),
    }).compile();
    nest = module.createNestApplication();
    nest.useLogger(false);
    nest.connectMicroservice({ transport: Transport.TCP, options: { port } });
    await nest.startAllMicroservices();
  };
  const answerTo = async (message: object): Promise<unknown> => {
    const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { port } });
    try {
      return await firstValueFrom(client.send<unknown>('ping', message));
    } catch (error) {
      return Reflect.get(Object(error) as object, 'code');
    } finally {
      await client.close();
    }
  };
  const refusal = (controller: Type, extras: Partial<WixAuthExtras>, appGuards: readonly Type[] = []) =>
    errorOf(() => listen(controller, extras, appGuards));

  it.each([
    ['without a guard', Bare],
    ['that is a route as well, without a guard', RouteAndMessage],
    ['with scopes and no guard', Scoped],
  ])('does not start under globalGuard with a message handler %s', async (_what, controller) => {
    expect(await refusal(controller, { globalGuard: true })).toMatchObject({
      code: 'WIX_MISCONFIGURED',
      message: expect.stringContaining(`${controller.name}.ping`) as string,
    });
  });

  it.each([
    ['without a guard', Bare],
    ['that is a route as well, without a guard', RouteAndMessage],
  ])('does not start under a guard of ours as APP_GUARD with a message handler %s', async (_what, controller) => {
    expect(await refusal(controller, {}, [WixAuthGuard])).toMatchObject({ code: 'WIX_MISCONFIGURED' });
  });

  it('does not start with a message handler that has scopes and no guard', async () => {
    expect(await refusal(Scoped, {})).toMatchObject({ code: 'WIX_MISCONFIGURED' });
  });

  it('refuses messages as it refuses requests, where the handler has a guard', async () => {
    await listen(Guarded, {
      globalGuard: true,
      providers: [{ provide: CredentialSource, useClass: MessageCredentialSource }],
    });
    const site = siteWith(wix, app);

    expect(await answerTo({})).toBe('WIX_CREDENTIALS_MISSING');
    expect(await answerTo({ token: site.visitorToken() })).toBe('WIX_IDENTITY_NOT_ALLOWED');
    expect(await answerTo({ token: site.ownerToken() })).toBe('user');
  });

  it('refuses guarded messages unless the source of their credential is configured', async () => {
    await listen(Guarded, { globalGuard: true });

    expect(await answerTo({ token: siteWith(wix, app).ownerToken() })).toBe('WIX_MISCONFIGURED');
  });

  it.each([
    ['is public', Open, { globalGuard: true }],
    ['is under no global guard', Bare, {}],
  ])('answers every caller where the handler %s', async (_what, controller, extras) => {
    await listen(controller, extras);

    expect(await answerTo({})).toBe('answered');
  });
});
