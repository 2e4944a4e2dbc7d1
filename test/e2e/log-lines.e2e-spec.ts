import { Controller, Get, Injectable } from '@nestjs/common';
import { EventLedger, OnWixEvent, RequireScopes } from 'nestjs-wix-auth';
import { WixAuthTestingModule, WixEmulator, type EmulatedApp, type EmulatedInstall } from 'nestjs-wix-auth/testing';

import { CapturedLogs } from '../support/captured-logs.js';
import { platforms, startApp } from '../support/running-app.js';

const FORGED = '\r\n[Nest] 1  - ERROR forged\u001b[2K\u0000\u009b31m\u2028';

/** Fails with what it was given, as handlers do that put ids into their messages. */
@Injectable()
class FailingHandlers {
  @OnWixEvent('*')
  handle({ type }: { readonly type: string }): void {
    throw new Error(`Cannot deal with ${type}`);
  }
}

@Controller('misspelt')
class MisspeltController {
  @Get()
  @RequireScopes('SCOPE.DC-STORES.REED-PRODUCTS')
  get(): object {
    return {};
  }
}

class AwayLedger extends EventLedger {
  override claim(): Promise<never> {
    return Promise.reject(new Error(FORGED));
  }

  override renew(): Promise<void> {
    return Promise.resolve();
  }

  override complete(): Promise<void> {
    return Promise.resolve();
  }

  override release(): Promise<void> {
    return Promise.resolve();
  }
}

describe.each(platforms)('Log lines on %s', (platform) => {
  let wix: WixEmulator;
  let app: EmulatedApp;
  let install: EmulatedInstall;

  beforeAll(async () => {
    wix = await WixEmulator.start();
    app = wix.addApp();
    install = wix.install(app, wix.addSite());
  });
  afterAll(() => wix.stop());

  it.each([
    ['handlers fail', 'forged', []],
    ['the ledger fails', 'ledger', [{ provide: EventLedger, useClass: AwayLedger }]],
  ])('are not split, hidden or colored by types and ids of events, when %s', async (_when, words, providers) => {
    const logs = new CapturedLogs();
    const running = await startApp(
      platform,
      { imports: [WixAuthTestingModule.forApp(wix, app, { webhooks: {}, providers })], providers: [FailingHandlers] },
      { configure: (application) => application.useLogger(logs) },
    );
    try {
      const url = `${running.url}/wix/webhooks`;
      const identified = { fqdn: `fqdn${FORGED}`, slug: 'created', id: `id${FORGED}`, entity: {} };
      await wix.send.webhook(install, url, { type: `type${FORGED}` }, { retries: 0 }).first;
      await wix.send.domainEvent(install, url, identified, { retries: 0 }).first;

      const errors = logs.entries.filter(({ level }) => level === 'error');
      expect(errors.filter(({ message }) => String(message).includes(words))).not.toHaveLength(0);
      for (const { message, rest } of errors) {
        const lines = [String(message), ...rest.map((part) => String(part).replace(/\n(?= )/g, ''))];

        for (const line of lines) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028]/);
      }
    } finally {
      await running.close();
    }
  });

  it('are objects, each with its name, from start to stop where JSON is configured', async () => {
    const logs = new CapturedLogs();
    const running = await startApp(
      platform,
      {
        imports: [
          WixAuthTestingModule.forApp(wix, app, { webhooks: {}, logging: { format: 'json' }, globalGuard: true }),
        ],
        providers: [FailingHandlers],
        controllers: [MisspeltController],
      },
      { configure: (application) => application.useLogger(logs) },
    );
    const url = `${running.url}/wix/webhooks`;
    await wix.send.webhook(install, url, { type: 'AppInstalled' }, { retries: 0 }).first;
    await wix.send.webhook(install, url, { type: 'AppInstalled' }, { retries: 0, forgery: 'another-key' }).first;
    await running.close();
    const ours = logs.entries.filter(({ rest }) => rest.at(-1) === 'WixAuthModule').map(({ message }) => message);
    const names = ours.map((message) =>
      typeof message === 'object' && message !== null ? (Reflect.get(message, 'event') as unknown) : message,
    );
    expect(names).toEqual([
      'ledgerInMemory',
      'sharing',
      'startUpTable',
      'startUpWarning',
      'startUpTable',
      'handlerFailed',
      'webhookRefused',
    ]);
    const { instanceId } = install;
    expect(ours.at(-2)).toMatchObject({ handler: 'FailingHandlers.handle', eventType: 'AppInstalled', instanceId });
    expect(ours.at(-1)).toMatchObject({ code: 'WIX_CREDENTIALS_REJECTED' });
  });
});
