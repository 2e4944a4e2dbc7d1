import { createWriteStream } from 'node:fs';

import { Controller, Get, Injectable } from '@nestjs/common';
import { HealthCheck, HealthCheckService } from '@nestjs/terminus';
import { AccessAudit, type WixAccessDecision } from 'nestjs-wix-auth';
import { WixAuthHealthIndicator } from 'nestjs-wix-auth/terminus';

@Controller('health')
export class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly wix: WixAuthHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.wix.check('wix')]);
  }
}

/** One line of JSON for each decision. */
@Injectable()
export class JsonLinesAudit extends AccessAudit {
  readonly #file = createWriteStream(process.env['AUDIT_FILE'] ?? 'audit.jsonl', { flags: 'a' });

  override decided(decision: WixAccessDecision): void {
    this.#file.write(`${JSON.stringify(decision)}\n`);
  }
}

/** What the audit needs of a database. */
export abstract class Database {
  abstract insert(table: string, row: object): Promise<void>;
}

/** One row for each decision; a row that cannot be written is named in the log, and lost. */
@Injectable()
export class DatabaseAudit extends AccessAudit {
  constructor(private readonly database: Database) {
    super();
  }

  override async decided(decision: WixAccessDecision): Promise<void> {
    await this.database.insert('wix_access_decisions', decision);
  }
}
