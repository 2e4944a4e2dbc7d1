import { Injectable, Module, UseGuards } from '@nestjs/common';
import { ExternalContextCreator, NestFactory } from '@nestjs/core';
import { RpcException } from '@nestjs/microservices';
import { WsException } from '@nestjs/websockets';
import { CredentialSource, WixAuthGuard, WixAuthModule } from 'nestjs-wix-auth';

@Injectable()
class MessageHandlers {
  @UseGuards(WixAuthGuard)
  handle(): string {
    return 'passed';
  }
}

class NoCredentials extends CredentialSource {
  override presented(): undefined {
    return undefined;
  }
}

@Module({})
class AppModule {}

/** What a message handler of an app that stands in one file throws at a caller without a credential. */
const context = await NestFactory.createApplicationContext(
  {
    module: AppModule,
    imports: [
      WixAuthModule.forRoot({
        appId: 'a1111111-2222-4333-8444-55555555555f',
        appSecret: 'c0ffee00-5ec7-4e75-8bad-f00dc0ffee00',
        providers: [{ provide: CredentialSource, useClass: NoCredentials }],
      }),
    ],
    providers: [MessageHandlers],
  },
  { logger: ['error'], abortOnError: false },
);
const handlers = context.get(MessageHandlers);
const enhancers = { guards: true, interceptors: true, filters: false };

async function refusalIn(kind: string, name: keyof MessageHandlers = 'handle'): Promise<unknown> {
  const creator = context.get(ExternalContextCreator);
  const rest = [undefined, undefined, undefined, enhancers, kind] as const;
  const handle = creator.create(handlers, handlers[name], name, '', ...rest);
  return (handle({}, {}) as Promise<unknown>).catch((error: unknown) => error);
}

const told = async (kind: string, Exception: typeof WsException | typeof RpcException): Promise<unknown> => {
  const refusal = await refusalIn(kind);
  return refusal instanceof Exception ? refusal.getError() : String(refusal);
};

process.stdout.write(JSON.stringify([await told('ws', WsException), await told('rpc', RpcException)]));
await context.close();
